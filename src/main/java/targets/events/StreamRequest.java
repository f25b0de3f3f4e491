package targets.events;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A request for a stream.
 *
 * @param delayNs between two events; 0 for as fast as the client reads
 * @param last number of the last event
 * @param lastEventId number of the last event that the client has
 */
record StreamRequest(Kind kind, long delayNs, long last, OptionalLong lastEventId) {
  private static final double DELAY_MAX_S = 3600;
  private static final long COUNT_MAX = 1_000_000_000_000L;

  /** The kinds of streams, with their paths and the default of {@code delay} in seconds. */
  enum Kind {
    ENDLESS("/sse", 0.01),
    FINITE("/sse/finite", 0.01),
    SLOW("/sse/slow", 0.1),
    BROADCAST("/broadcast", 0);

    final String path;
    private final double delayS;

    Kind(String path, double delayS) {
      this.path = path;
      this.delayS = delayS;
    }
  }

  /** Reads a request; throws IllegalArgumentException with the reason, in one sentence. */
  static StreamRequest read(Kind kind, HttpRequest request, QueryStringDecoder query) {
    double delayS = delayS(parameter(query, "delay", "" + kind.delayS));
    String count = parameter(query, "count", "100");
    long last = kind == Kind.FINITE ? whole("count", count, 1) : COUNT_MAX;
    String inQuery = parameter(query, "last_event_id", "");
    String after = request.headers().get("last-event-id", inQuery).strip();
    return new StreamRequest(
        kind,
        Math.round(delayS * TimeUnit.SECONDS.toNanos(1)),
        last,
        after.isEmpty() ? OptionalLong.empty() : OptionalLong.of(whole("Last-Event-ID", after, 0)));
  }

  /** Returns the same request as the server's seam resumes it. */
  StreamRequest resumed(EventsServer.Seam seam) {
    OptionalLong after = lastEventId.isEmpty() ? lastEventId : seam.resume(lastEventId.getAsLong());
    return new StreamRequest(kind, delayNs, last, after);
  }

  private static String parameter(QueryStringDecoder query, String name, String otherwise) {
    return query.parameters().getOrDefault(name, List.of(otherwise)).get(0);
  }

  private static double delayS(String text) {
    if (text.matches("\\d{1,9}(\\.\\d{1,9})?") && Double.parseDouble(text) <= DELAY_MAX_S) {
      return Double.parseDouble(text);
    }
    throw new IllegalArgumentException("'delay' must be a number of seconds from 0 to 3600");
  }

  private static long whole(String name, String text, long min) {
    if (text.matches("\\d{1,13}")) {
      long value = Long.parseLong(text);
      if (value >= min && value <= COUNT_MAX) {
        return value;
      }
    }
    String range = " must be a whole number from " + min + " to " + COUNT_MAX;
    throw new IllegalArgumentException("'" + name + "'" + range);
  }
}
