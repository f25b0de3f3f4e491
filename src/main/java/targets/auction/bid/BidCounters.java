package targets.auction.bid;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.auction.bid.Decision.Kind;
import targets.shared.Counters;

/**
 * Figures of the bid service: bids = the sum of their answers. While no request is under way,
 * events published plus events waiting = accepted bids and changes of items, of all processes on
 * this Redis.
 */
final class BidCounters {
  final Counters all = new Counters("bids_");
  final LongAdder bids = all.counter("bids", "bids", "Bids that were well-formed");
  final Map<Kind, LongAdder> answers = new EnumMap<>(Kind.class);
  final LongAdder badRequests = all.counter("bad_requests", "Requests answered by 4xx");
  final LongAdder refusedRequests = all.counter("refused_requests", "Requests refused");
  final LongAdder published = all.counter("events_published", "Events that JetStream has");
  final LongAdder repeated = all.counter("events_repeated", "Events that JetStream already had");
  final LongAdder unreadable = all.counter("events_unreadable", "Entries that are not events");

  /** Events in Redis that JetStream does not have yet, when the relay last looked. */
  volatile long waiting;

  BidCounters(RedisLane lane) {
    for (Kind kind : Kind.values()) {
      String exported = "bids_answered_" + Counters.label(kind);
      answers.put(kind, all.counter(Counters.label(kind), exported, "Answers of this kind"));
    }
    all.gauge("events_waiting", "Events that JetStream does not have yet", () -> waiting);
    all.counter("redis_calls", "Requests to Redis", lane.calls::sum);
    all.counter("redis_batches", "Batches of requests to Redis", lane.batches::sum);
  }
}
