package targets.auction.bid;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.auction.bid.Decision.Kind;
import targets.shared.Counters;
import targets.shared.LinkState;

/**
 * Figures of the bid service: bids = the sum of their answers. While no request is under way,
 * events published plus events waiting = accepted bids and changes of items, of all processes on
 * this Redis.
 */
final class BidCounters {
  final Counters all = new Counters("bids_");
  final LongAdder bids = all.counter("bids", "bids", "Bids that were well-formed");
  final Map<Kind, LongAdder> answers = new EnumMap<>(Kind.class);
  final LongAdder badRequests;
  final LongAdder refusedRequests;
  final LongAdder published;
  final LongAdder repeated;
  final LongAdder unreadable;

  /** Events in Redis that JetStream does not have yet, when the relay last looked. */
  volatile long waiting;

  BidCounters(RedisLane lane) {
    for (Kind kind : Kind.values()) {
      String exported = "bids_answered_" + kind.word();
      answers.put(kind, all.counter(kind.word(), exported, "Answers of this kind"));
    }
    badRequests = all.counter("bad_requests", "Requests answered by 4xx");
    refusedRequests = all.counter("refused_requests", "Requests refused");
    published = all.counter("events_published", "Events that JetStream has");
    repeated = all.counter("events_repeated", "Events that JetStream already had");
    unreadable = all.counter("events_unreadable", "Entries that are not events");
    all.gauge("events_waiting", "Events that JetStream does not have yet", () -> waiting);
    all.counter("redis_calls", "Requests to Redis", lane.calls::sum);
    all.counter("redis_batches", "Batches of requests to Redis", lane.batches::sum);
  }

  /** Declares the conflicts of the strategy that decides outside Redis. */
  void retries(LongSupplier value) {
    all.counter("retries", "Conflicts with other bids", value);
  }

  /** Declares the figures of the links, which come last. */
  void losses(LinkState redis, LinkState nats) {
    all.counter("redis_losses", "Times Redis was lost", redis::losses);
    all.counter("nats_losses", "Times NATS was lost", nats::losses);
  }
}
