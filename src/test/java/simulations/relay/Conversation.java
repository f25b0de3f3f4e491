package simulations.relay;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Phase;

/**
 * One conversation as its producer plans it: when each token is meant to be published, whatever
 * happens to the ones before. It may rest in the middle until its reader is back.
 *
 * <p>One thread publishes; any thread may ask.
 */
final class Conversation {
  private static final double JITTER = 0.5;
  private static final int EMPTY = -1;

  private final String id;
  private final Phase phase;
  private final int padding;
  private final int restsAfter;
  private final long[] offsetsNs;
  private volatile long beginNs;
  private volatile long resumeNs;
  private volatile boolean resting;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /**
   * What a conversation is.
   *
   * @param tokens of it
   * @param delayNs from one token to the next; up to half of it is added to each
   * @param padding bytes added to each token
   * @param restsAfter the token after which it rests; 0 for never
   */
  record Shape(int tokens, long delayNs, int padding, int restsAfter) {}

  Conversation(String id, Phase phase, Shape shape, long seed) {
    this.id = id;
    this.phase = phase;
    this.padding = shape.padding();
    this.restsAfter = shape.restsAfter();
    this.offsetsNs = new long[shape.tokens()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 1; i < offsetsNs.length; i++) {
      offsetsNs[i] =
          offsetsNs[i - 1]
              + shape.delayNs()
              + (long) (shape.delayNs() * JITTER * random.nextDouble());
    }
  }

  /** One without a token: its only message says that its producer has ended. */
  static Conversation empty(String id) {
    return new Conversation(id, Phase.WARM_UP, new Shape(1, 0, EMPTY, 0), 0);
  }

  String id() {
    return id;
  }

  Phase phase() {
    return phase;
  }

  int tokens() {
    return offsetsNs.length;
  }

  /** The first token is meant to be published now. */
  void begin(long nowNs) {
    beginNs = nowNs;
    resumeNs = nowNs;
  }

  /** The reader is back: the first token after the rest is meant to be published now. */
  void resume(long nowNs) {
    resumeNs = nowNs - (offsetsNs[restsAfter] - offsetsNs[0]);
    resting = false;
  }

  /** The token after which it rests; 0 for never. */
  int restsAfter() {
    return restsAfter;
  }

  /** It has come to its rest. */
  void rest() {
    resting = true;
  }

  boolean isResting() {
    return resting;
  }

  /**
   * When a token is meant to be published, on the monotonic clock.
   *
   * @param sequence from 1
   */
  long intendedNs(long sequence) {
    boolean after = restsAfter > 0 && sequence > restsAfter;
    int index = (int) Math.min(Math.max(1, sequence), offsetsNs.length) - 1;
    return (after ? resumeNs : beginNs) + offsetsNs[index];
  }

  /** Redis took the token that was next. */
  void taken() {
    taken.incrementAndGet();
  }

  /** Redis did not take the token that was next, and it is given up. */
  void refused() {
    refused.incrementAndGet();
  }

  /** Tokens that Redis took. */
  int published() {
    return taken.get();
  }

  /** Tokens that were given up. */
  int givenUp() {
    return refused.get();
  }

  /** Tokens that were sent for good or given up. */
  int said() {
    return taken.get() + refused.get();
  }

  /** True when nothing is left to be published. */
  boolean isOver() {
    return said() == tokens();
  }

  /** The text of a token: a pure function of the conversation and the place in it. */
  String text(int sequence) {
    return padding == EMPTY ? "" : TokenText.of(id, sequence) + " ".repeat(padding);
  }
}
