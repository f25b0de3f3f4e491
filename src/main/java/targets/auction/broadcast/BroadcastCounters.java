package targets.auction.broadcast;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.shared.CloseReason;
import targets.shared.Counters;
import targets.shared.LinkState;

/** Figures of the broadcast service: viewers that came = viewers now + ended, of every kind. */
final class BroadcastCounters {
  /** How a viewer ended. */
  enum End {
    /** The viewer left. */
    LEFT,
    /** The viewer read too slowly. */
    SLOW,
    /** The viewer did not answer pings. */
    SILENT,
    /** The viewer violated the WebSocket protocol. */
    BROKEN,
    /** The service stopped. */
    STOPPED;

    static End of(CloseReason why) {
      return switch (why) {
        case OUTBOX_FULL, STALLED -> SLOW;
        case IDLE -> SILENT;
        case STOPPING -> STOPPED;
        default -> BROKEN;
      };
    }
  }

  final Counters all = new Counters("broadcast_");
  final LongAdder came;
  final Map<End, LongAdder> ended;
  final LongAdder events;
  final LongAdder encoded;
  final LongAdder repeated;
  final LongAdder replayed;
  final LongAdder missing;
  final LongAdder unreadable;
  final LongAdder dropped;
  final LongAdder storeReads;
  final LongAdder refused;
  final LongAdder messages;

  BroadcastCounters(LinkState nats) {
    all.difference("viewers", "Viewers now", "viewers_came", List.of("ended"));
    came = all.counter("viewers_came", "Viewers since the start");
    ended = all.counters("ended", "broadcast_ended", "Viewers that ended so", End.class);
    all.figure("slow_viewers", ended.get(End.SLOW)::sum);
    events = all.counter("events", "Events of items with viewers");
    encoded = all.counter("frames_encoded", "Frames encoded");
    repeated = all.counter("events_repeated", "Events received again");
    replayed = all.counter("events_replayed", "Events from the store");
    missing = all.counter("events_missing", "Events that neither NATS nor the store had");
    unreadable = all.counter("events_unreadable", "Messages that are not events");
    dropped = all.counter("events_dropped", "Times the NATS client dropped messages");
    storeReads = all.counter("store_reads", "Requests to the store");
    refused = all.counter("refused_requests", "broadcast_requests_refused", "Requests refused");
    messages = all.counter("messages_heard", "Messages from viewers, which are ignored");
    all.counter("nats_losses", "Times NATS was lost", nats::losses);
  }

  void delivered(LongSupplier value) {
    all.counter("frames_delivered", "Events handed to sockets", value);
  }
}
