package targets.relay.message;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.shared.Counters;

/** Counts messages that were refused or lost, and logs the first of each reason. Thread-safe. */
public class Undelivered {
  private static final Logger LOG = LoggerFactory.getLogger(Undelivered.class);

  private final Map<Reason, LongAdder> counts;
  private final Set<Reason> logged = EnumSet.noneOf(Reason.class);

  /** Reason why a message was not delivered. */
  public enum Reason {
    /** Not one JSON object with the fields of a token message, each of its type. */
    MALFORMED,
    /** The conversation's id would change the NATS subject. */
    BAD_ID,
    /** The sequence is missing or below 1. */
    BAD_SEQUENCE,
    /** Larger than NATS accepts. */
    TOO_LARGE,
    /** NATS was away and the outbox was full. */
    NATS_AWAY,
    /** The NATS client dropped messages because the adapter took them too slowly. */
    NATS_SLOW
  }

  /** Declares a counter of each reason. */
  public Undelivered(Counters counters) {
    counts = counters.counters("troubles", "Messages not passed on for this reason", Reason.class);
  }

  /** Counts one message; the detail is logged and must not hold a secret. */
  public void add(Reason reason, String detail) {
    add(reason, 1, detail);
  }

  /** Counts several messages. */
  public synchronized void add(Reason reason, long messages, String detail) {
    counts.get(reason).add(messages);
    if (logged.add(reason)) {
      LOG.warn("{}: {} (logged once; /metrics counts all)", Counters.label(reason), detail);
    }
  }

  /** Returns the messages of one reason so far. */
  public long count(Reason reason) {
    return counts.get(reason).sum();
  }

  /** Returns all messages so far. */
  public long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }
}
