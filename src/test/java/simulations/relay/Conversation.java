package simulations.relay;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Phase;

/**
 * One conversation as its producer plans it: the time at which each token is due, independent of
 * the tokens before it. It may rest in the middle until its reader is back.
 *
 * <p>One thread publishes; any thread may read.
 */
final class Conversation {
  private static final double JITTER = 0.5;
  private static final int EMPTY = -1;
  private static final int RADIX = 36;
  private static final long ODD = 0x9E3779B97F4A7C15L;
  private static final long MIX = 0xBF58476D1CE4E5B9L;

  final String id;
  final Phase phase;
  private final Shape shape;
  private final long[] offsetsNs;
  private volatile long beginNs;
  private volatile long resumeNs;
  volatile boolean resting;
  private final AtomicInteger published = new AtomicInteger();

  /** The number of tokens that were given up. */
  final AtomicInteger refused = new AtomicInteger();

  /**
   * @param delayNs between two tokens; up to half of it is added to each
   * @param padding bytes added to each token
   * @param restsAfter the token after which it rests; 0 for never
   */
  record Shape(int tokens, long delayNs, int padding, int restsAfter) {}

  Conversation(String id, Phase phase, Shape shape, long seed) {
    this.id = id;
    this.phase = phase;
    this.shape = shape;
    this.offsetsNs = new long[shape.tokens()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 1; i < offsetsNs.length; i++) {
      long jitterNs = (long) (shape.delayNs() * JITTER * random.nextDouble());
      offsetsNs[i] = offsetsNs[i - 1] + shape.delayNs() + jitterNs;
    }
  }

  /** Returns one without a token: its only message marks the end of its producer. */
  static Conversation empty(String id) {
    return new Conversation(id, Phase.WARM_UP, new Shape(1, 0, EMPTY, 0), 0);
  }

  /** Returns a token's text, some 8 letters and digits: a pure function of its place alone. */
  static String text(String conversation, long sequence) {
    long mixed = (conversation.hashCode() + sequence * ODD) * MIX;
    return Long.toString((mixed ^ (mixed >>> 31)) & 0xFFFF_FFFF_FFL, RADIX);
  }

  int tokens() {
    return shape.tokens();
  }

  void begin(long nowNs) {
    beginNs = nowNs;
    resumeNs = nowNs;
  }

  /** Makes the first token after the rest due now. */
  void resume(long nowNs) {
    resumeNs = nowNs - offsetsNs[shape.restsAfter()];
    resting = false;
  }

  /** Returns true for the token after which the conversation rests. */
  boolean restsAfter(int sequence) {
    return sequence == shape.restsAfter();
  }

  /** Returns when the token of a sequence, from 1, is due on the monotonic clock. */
  long dueNs(long sequence) {
    boolean after = shape.restsAfter() > 0 && sequence > shape.restsAfter();
    int index = (int) Math.min(Math.max(1, sequence), offsetsNs.length) - 1;
    return (after ? resumeNs : beginNs) + offsetsNs[index];
  }

  /** Records that Redis took the next token, or that it was given up. */
  void settle(boolean taken) {
    (taken ? published : refused).incrementAndGet();
    if (settled() == shape.restsAfter()) {
      resting = true;
    }
  }

  int published() {
    return published.get();
  }

  int settled() {
    return published.get() + refused.get();
  }

  boolean isOver() {
    return settled() == tokens();
  }

  /** Returns a token as it is published, with its padding. */
  String token(int sequence) {
    return shape.padding() == EMPTY ? "" : text(id, sequence) + " ".repeat(shape.padding());
  }
}
