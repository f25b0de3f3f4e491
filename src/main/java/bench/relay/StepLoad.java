package bench.relay;

import java.time.Duration;

/**
 * The tokens of one step, dealt out to its conversations in turn.
 *
 * @param name begins the ids of its conversations; letters, digits and dashes
 * @param streams conversations
 * @param rate tokens a second over all of them
 * @param tokens all of them
 * @param ends whether the last token of a conversation says that it is done
 */
record StepLoad(String name, int streams, double rate, int tokens, boolean ends) {
  private static final double NS_PER_S = 1e9;

  /** The load of a rate that is held for a time; at least one token. */
  static StepLoad of(String name, int streams, double rate, Duration duration) {
    int tokens = (int) Math.max(1, Math.round(rate * duration.toNanos() / NS_PER_S));
    return new StepLoad(name, streams, rate, tokens, true);
  }

  /** When a token is due, in ns after the step's start; tokens count from 0. */
  long dueNs(int token) {
    return Math.round(token * NS_PER_S / rate);
  }

  /** How many tokens are due so long after the step's start. */
  int dueBy(long ns) {
    return ns < 0 ? 0 : (int) Math.min(tokens, 1 + (long) (ns * rate / NS_PER_S));
  }

  /** The conversation that a token belongs to, from 0. */
  int stream(int token) {
    return token % streams;
  }

  /** The token's place in its conversation, from 1. */
  int sequence(int token) {
    return token / streams + 1;
  }

  /** The token at a place of a conversation; -1 for a place that this step does not have. */
  int token(int stream, long sequence) {
    long token = (sequence - 1) * streams + stream;
    boolean known = stream >= 0 && stream < streams && sequence >= 1 && token < tokens;
    return known ? (int) token : -1;
  }

  /** Whether a token says that its conversation is done. */
  boolean isDone(int token) {
    return ends && token + streams >= tokens;
  }

  /** The id of a conversation. */
  String id(int stream) {
    return name + "-" + stream;
  }

  /** The conversation of an id; -1 if it is none of this step's. */
  int streamOf(String id) {
    int at = name.length() + 1;
    if (id.length() <= at || !id.startsWith(name + "-")) {
      return -1;
    }
    try {
      return Integer.parseInt(id, at, id.length(), 10);
    } catch (NumberFormatException e) {
      return -1; // Another step's conversation, whose name begins alike.
    }
  }

  /** How long it takes, if nothing is late. */
  Duration length() {
    return Duration.ofNanos(dueNs(tokens));
  }
}
