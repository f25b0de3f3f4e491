package simulations.events;

import io.gatling.javaapi.core.ActionBuilder;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import simulations.run.SseStream;

/**
 * The single requests of an event server's clients, by the original's paths, or all by the path of
 * the address that the user named. Request names are an API: no values in them.
 */
final class EventsRequests {
  /** Session key: number of the last event that the client has. */
  static final String LAST = "lastEventId";

  private final Optional<String> own;

  EventsRequests(EventsSettings.Server server) {
    this.own = server.eventsUrl().flatMap(EventsRequests::target);
  }

  private static Optional<String> target(URI url) {
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String target = url.getRawPath() + query;
    return target.isEmpty() || target.equals("/") ? Optional.empty() : Optional.of(target);
  }

  /** Returns the path of an endless stream; a delay of 0 is as fast as the connection takes it. */
  String endless(Duration delay) {
    return own.orElse("/sse?delay=" + seconds(delay));
  }

  String finite(int count, Duration delay) {
    return own.orElse("/sse/finite?count=" + count + "&delay=" + seconds(delay));
  }

  /** Returns the path of an endless stream of 4,096 bytes an event. */
  String large(Duration delay) {
    return own.orElse("/sse/slow?delay=" + seconds(delay));
  }

  static ActionBuilder open(String name, String target) {
    return SseStream.of(name).get(target);
  }

  /** Requests the rest of a stream, behind the event {@link #LAST}. */
  static ActionBuilder resume(String name, String target) {
    return SseStream.of(name).get(target).header("Last-Event-ID", "#{" + LAST + "}");
  }

  private static String seconds(Duration delay) {
    return BigDecimal.valueOf(delay.toNanos(), 9).stripTrailingZeros().toPlainString();
  }
}
