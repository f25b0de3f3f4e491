package bench;

import java.time.Duration;

/**
 * The deliveries of one load: which receiver gets which message, and when.
 *
 * @param rate messages a second
 * @param messages of the load, or of each stream if they are paced
 * @param first the number of the first message
 */
record Plan(Kind kind, int receivers, double rate, int messages, long first) {
  private static final double NS_PER_S = 1e9;

  /** How messages reach receivers. */
  enum Kind {
    /** Every receiver requests a stream of its own, and each message is due since that request. */
    PACED,
    /** Each message is published to one receiver, by turns; the last one ends its stream. */
    BY_TURNS,
    /** Like {@link #BY_TURNS}, and the streams stay open. */
    BY_TURNS_OPEN,
    /** Every message is published to every receiver. */
    TO_ALL,
    /** Every receiver sends a request as soon as its last one is answered. */
    CLOSED
  }

  static Plan paced(int streams, int tokens, Duration duration) {
    return new Plan(Kind.PACED, streams, tokens * NS_PER_S / duration.toNanos(), tokens, 1);
  }

  /** Returns the number of deliveries; 0 if it is not known before. */
  int deliveries() {
    return switch (kind) {
      case BY_TURNS, BY_TURNS_OPEN -> messages;
      case PACED, TO_ALL -> messages * receivers;
      case CLOSED -> 0;
    };
  }

  /** Returns the index of a delivery, from 0; negative for one that is not planned. */
  int index(int receiver, long number) {
    long index = (number - first) * receivers + receiver;
    return number < first || index >= deliveries() ? -1 : (int) index;
  }

  /** Returns when a delivery is due, in ns after its receiver's start. */
  long dueNs(int index) {
    return switch (kind) {
      case BY_TURNS, BY_TURNS_OPEN -> publishNs(index);
      case PACED, TO_ALL -> publishNs(index / receivers);
      case CLOSED -> 0;
    };
  }

  /** Returns when a message is published, in ns after the start; messages count from 0. */
  long publishNs(int message) {
    return Math.round(message * NS_PER_S / rate);
  }

  /** Returns how many messages are due by a moment after the start. */
  int due(long ns) {
    return ns < 0 ? 0 : (int) Math.min(messages, 1 + ns * rate / NS_PER_S);
  }

  boolean isLast(int message) {
    return kind == Kind.BY_TURNS && message + receivers >= messages;
  }
}
