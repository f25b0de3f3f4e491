package targets.relay.message;

import static java.util.stream.Collectors.toMap;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.shared.Counters;

/** Counts messages that were refused or lost, and logs the first of each reason. Thread-safe. */
public class Undelivered {
  private static final Logger LOG = LoggerFactory.getLogger(Undelivered.class);

  private final Map<Reason, LongAdder> counts =
      Stream.of(Reason.values()).collect(toMap(reason -> reason, reason -> new LongAdder()));
  private final Set<Reason> logged = ConcurrentHashMap.newKeySet();

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

  /** Counts one message; the detail is logged and must not hold a secret. */
  public void add(Reason reason, String detail) {
    add(reason, 1, detail);
  }

  /** Counts several messages. */
  public void add(Reason reason, long messages, String detail) {
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

  /** Returns the messages so far by the reason's name in lower case. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Reason reason : Reason.values()) {
      map.put(Counters.label(reason), count(reason));
    }
    return map;
  }
}
