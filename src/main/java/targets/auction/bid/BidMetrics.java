package targets.auction.bid;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.auction.bid.Decision.Kind;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the bid service counts. Thread-safe.
 *
 * <p>Conservation: bids = the sum of their answers. Whenever nothing is under way, events published
 * plus events waiting = accepted bids and changes of items, of all processes on this Redis.
 */
final class BidMetrics {
  /** Requests for a bid that were well-formed. */
  final LongAdder bids = new LongAdder();

  /** Requests answered 4xx because of what they were. */
  final LongAdder bad = new LongAdder();

  /** Requests refused because too many were under way, or the service was stopping. */
  final LongAdder refused = new LongAdder();

  /** Events that JetStream has acknowledged. */
  final LongAdder published = new LongAdder();

  /** Events that JetStream had already, and told so. */
  final LongAdder repeated = new LongAdder();

  /** Entries of the event log that are no events. */
  final LongAdder unreadable = new LongAdder();

  /** Events in Redis that JetStream does not have, as far as the relay knows. */
  private volatile long waiting;

  private final Map<Kind, LongAdder> answers = new EnumMap<>(Kind.class);
  private final Map<String, LongSupplier> more = new LinkedHashMap<>();
  private final LinkState redis;
  private final LinkState nats;
  private final Metrics page = new Metrics(this::figures);

  BidMetrics(LinkState redis, LinkState nats) {
    this.redis = redis;
    this.nats = nats;
    Arrays.stream(Kind.values()).forEach(kind -> answers.put(kind, new LongAdder()));
    page.counter("bids", "Bids that were well-formed", bids::sum);
    answers.forEach(
        (kind, count) ->
            page.counter("bids_answered_" + label(kind), "Answers of this kind", count::sum));
    page.counter("bids_bad_requests", "Requests that were wrong", bad::sum);
    page.counter("bids_refused_requests", "Requests refused", refused::sum);
    page.counter("bids_events_published", "Events that JetStream has", published::sum);
    page.counter("bids_events_repeated", "Events that JetStream had already", repeated::sum);
    page.counter("bids_events_unreadable", "Entries that are no events", unreadable::sum);
    page.gauge("bids_events_waiting", "Events that JetStream does not have yet", () -> waiting);
    page.counter("bids_redis_losses", "Times Redis was lost", redis::losses);
    page.counter("bids_nats_losses", "Times NATS was lost", nats::losses);
  }

  /** A counter that belongs to a part of the service. */
  void also(String name, String help, LongSupplier value) {
    more.put(name, value);
    page.counter("bids_" + name, help, value);
  }

  /** A request was answered so. */
  void answered(Kind kind) {
    answers.get(kind).increment();
  }

  /** So many events wait to be published. */
  void waiting(long events) {
    waiting = events;
  }

  Metrics page() {
    return page;
  }

  private Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("bids", bids.sum());
    answers.forEach((kind, count) -> figures.put(label(kind), count.sum()));
    figures.put("bad_requests", bad.sum());
    figures.put("refused_requests", refused.sum());
    figures.put("events_published", published.sum());
    figures.put("events_repeated", repeated.sum());
    figures.put("events_unreadable", unreadable.sum());
    figures.put("events_waiting", waiting);
    more.forEach((name, value) -> figures.put(name, value.getAsLong()));
    figures.put("redis_losses", redis.losses());
    figures.put("nats_losses", nats.losses());
    return figures;
  }

  private static String label(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
