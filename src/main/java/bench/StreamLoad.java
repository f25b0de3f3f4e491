package bench;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * The streams that every lane carries.
 *
 * @param streams how many, each on a connection of its own
 * @param tokens tokens of each
 * @param duration from its first token to its end
 * @param firstToken from its request to its first token
 * @param rampup time in which all are opened, evenly spread
 */
public record StreamLoad(
    int streams, int tokens, Duration duration, Duration firstToken, Duration rampup) {
  /** A finish chunk and the {@code [DONE]} line follow the tokens. */
  private static final int CLOSING_EVENTS = 2;

  /** The plateau ends so long before the first stream does. */
  private static final Duration MARGIN = Duration.ofMillis(200);

  private static final byte[] BODY =
      ("{\"model\":\"bench\",\"stream\":true,\"messages\":[{\"role\":\"user\","
              + "\"content\":\"Tell a long story.\"}]}")
          .getBytes(StandardCharsets.UTF_8);

  /** Events of one whole stream. */
  int eventsPerStream() {
    return tokens + CLOSING_EVENTS;
  }

  /** Events of all streams. */
  long events() {
    return (long) streams * eventsPerStream();
  }

  /** When token k is due, in ns after its stream's request was sent; k counts from 0. */
  long dueNs(int token) {
    return firstToken.toNanos() + token * duration.toNanos() / tokens;
  }

  /** When a stream is opened, in ns after the first one; streams count from 0. */
  long openNs(int stream) {
    return stream * rampup.toNanos() / streams;
  }

  /** When the plateau ends, in ns after the first stream was opened. */
  long plateauEndNs() {
    return firstToken.plus(duration).minus(MARGIN).toNanos();
  }

  /** How long the whole load lasts if nothing is late. */
  Duration length() {
    return rampup.plus(firstToken).plus(duration);
  }

  /** The request's path and query. */
  String path() {
    return String.format(
        Locale.ROOT,
        "/v1/chat/completions?tokens=%d&duration_ms=%d&first_token_ms=%d&jitter_ms=0",
        tokens,
        duration.toMillis(),
        firstToken.toMillis());
  }

  /** The request's body. */
  static byte[] body() {
    return BODY.clone();
  }

  /** The Host header of an address. */
  static String host(URI url) {
    return url.getRawAuthority();
  }

  /** The load in words. */
  String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d streams of %,d tokens in %s s, opened over %s s (%,d events, about %,.0f a second)",
        streams,
        tokens,
        seconds(duration),
        seconds(rampup),
        events(),
        streams * tokens * 1e3 / Math.max(1, duration.toMillis()));
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
