package targets.auction.broadcast;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the broadcast service counts. Thread-safe.
 *
 * <p>Conservation: viewers that came = viewers now + the ends of every kind.
 */
final class BroadcastMetrics {
  /** How a viewer ended. */
  enum End {
    /** It left. */
    LEFT,
    /** It was too slow for the events. */
    SLOW,
    /** It did not answer pings. */
    SILENT,
    /** It sent what is no WebSocket frame. */
    BROKEN,
    /** The service stopped. */
    STOPPED
  }

  /** Viewers that came. */
  final LongAdder came = new LongAdder();

  /** Events of items that had viewers, passed on once each. */
  final LongAdder events = new LongAdder();

  /** Frames with an event handed to viewers' sockets. */
  final LongAdder delivered = new LongAdder();

  /** Frames encoded. */
  final LongAdder encoded = new LongAdder();

  /** Events not passed on because they were had already. */
  final LongAdder repeated = new LongAdder();

  /** Events that came from the store. */
  final LongAdder replayed = new LongAdder();

  /** Events that neither NATS nor the store had. */
  final LongAdder missing = new LongAdder();

  /** Questions to the store. */
  final LongAdder storeReads = new LongAdder();

  /** Messages that are no events. */
  final LongAdder unreadable = new LongAdder();

  /** Times NATS's client dropped messages because this service was too slow. */
  final LongAdder dropped = new LongAdder();

  /** Requests refused with an error reply. */
  final LongAdder refused = new LongAdder();

  /** Messages of viewers, who have nothing to say. */
  final LongAdder heard = new LongAdder();

  private final Map<End, LongAdder> ends = new EnumMap<>(End.class);
  private final LinkState nats;
  private final Metrics page = new Metrics(this::figures);

  BroadcastMetrics(LinkState nats) {
    this.nats = nats;
    Arrays.stream(End.values()).forEach(end -> ends.put(end, new LongAdder()));
    page.gauge("broadcast_viewers", "Viewers now", this::viewers);
    page.counter("broadcast_viewers_came", "Viewers since the start", came::sum);
    page.counter("broadcast_events", "Events of items with viewers", events::sum);
    page.counter("broadcast_frames_delivered", "Events handed to sockets", delivered::sum);
    page.counter("broadcast_frames_encoded", "Frames encoded", encoded::sum);
    page.counter("broadcast_events_repeated", "Events held back as known", repeated::sum);
    page.counter("broadcast_events_replayed", "Events from the store", replayed::sum);
    page.counter("broadcast_events_missing", "Events that nobody had", missing::sum);
    page.counter("broadcast_events_unreadable", "Messages that are no events", unreadable::sum);
    page.counter("broadcast_events_dropped", "Times NATS's client dropped", dropped::sum);
    page.counter("broadcast_store_reads", "Questions to the store", storeReads::sum);
    page.counter("broadcast_requests_refused", "Requests refused", refused::sum);
    page.counter("broadcast_messages_heard", "Messages of viewers", heard::sum);
    page.counter("broadcast_nats_losses", "Times NATS was lost", nats::losses);
    ends.forEach(
        (end, count) ->
            page.counter("broadcast_ended_" + label(end), "Viewers that ended so", count::sum));
  }

  /** A viewer ended. */
  void ended(End end) {
    ends.get(end).increment();
  }

  Metrics page() {
    return page;
  }

  private long viewers() {
    // What ended is read first: the other way round the difference could be below 0.
    long over = ends.values().stream().mapToLong(LongAdder::sum).sum();
    return came.sum() - over;
  }

  private Map<String, Object> figures() {
    Map<String, Object> over = new LinkedHashMap<>();
    ends.forEach((end, count) -> over.put(label(end), count.sum()));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("viewers", viewers());
    figures.put("viewers_came", came.sum());
    figures.put("ended", over);
    figures.put("slow_viewers", ends.get(End.SLOW).sum());
    figures.put("events", events.sum());
    figures.put("frames_delivered", delivered.sum());
    figures.put("frames_encoded", encoded.sum());
    figures.put("events_repeated", repeated.sum());
    figures.put("events_replayed", replayed.sum());
    figures.put("events_missing", missing.sum());
    figures.put("events_unreadable", unreadable.sum());
    figures.put("events_dropped", dropped.sum());
    figures.put("store_reads", storeReads.sum());
    figures.put("refused_requests", refused.sum());
    figures.put("messages_heard", heard.sum());
    figures.put("nats_losses", nats.losses());
    return figures;
  }

  private static String label(End end) {
    return end.name().toLowerCase(Locale.ROOT);
  }
}
