package targets.auction.broadcast;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.CloseReason;
import targets.shared.Counters;

/** Figures of the broadcast service: viewers that came = viewers now + ended, of every kind. */
final class BroadcastCounters {
  /** How a viewer ended. */
  enum End {
    LEFT,
    SLOW,
    /** The viewer did not answer pings. */
    SILENT,
    /** The viewer violated the WebSocket protocol. */
    BROKEN,
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

  {
    all.difference("viewers", "Viewers now", "viewers_came", List.of("ended"));
  }

  final LongAdder came = all.counter("viewers_came", "Viewers since the start");
  final Map<End, LongAdder> ended = all.counters("ended", "Viewers that ended so", End.class);
  final LongAdder events = all.counter("events", "Events of items with viewers");
  final LongAdder encoded = all.counter("frames_encoded", "Frames encoded");
  final LongAdder repeated = all.counter("events_repeated", "Events received again");
  final LongAdder replayed = all.counter("events_replayed", "Events from the store");
  final LongAdder missing =
      all.counter("events_missing", "Events that neither NATS nor the store had");
  final LongAdder unreadable = all.counter("events_unreadable", "Messages that are not events");
  final LongAdder dropped = all.counter("events_dropped", "Times the NATS client dropped messages");
  final LongAdder storeReads = all.counter("store_reads", "Requests to the store");
  final LongAdder refused =
      all.counter("refused_requests", "broadcast_requests_refused", "Requests refused");
  final LongAdder messages =
      all.counter("messages_heard", "Messages from viewers, which are ignored");

  BroadcastCounters() {
    all.figure("slow_viewers", ended.get(End.SLOW)::sum);
  }
}
