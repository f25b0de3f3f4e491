package targets.proxy;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import settings.SettingsReader;
import targets.shared.Defects;

/** The names of the proxy's planted mistakes; all are off by default. */
public final class ProxyDefects {
  /** The stream's very last newline is withheld, so that its last event is never dispatched. */
  public static final String UNTERMINATED_DONE = "unterminated-done";

  /** Response bytes leave on a fixed grid of 50 ms only. */
  public static final String COALESCE = "coalesce-50ms";

  /** Events are counted once per flush, and only if the last one is more than 50 ms ago. */
  public static final String COUNT_ON_FLUSH = "count-on-flush";

  /** A broken upstream ends the client's body as if it were whole. */
  public static final String CLEAN_END = "clean-end-on-upstream-break";

  /** The upstream is read to its end although the client left. */
  public static final String IGNORE_DISCONNECT = "ignore-client-disconnect";

  /** Every piece of a response is late by the value, as in {@code late=5ms}. */
  public static final String LATE = "late";

  /** Every name that no other target has, in the order of the help. */
  public static final Set<String> ALL =
      new LinkedHashSet<>(
          List.of(UNTERMINATED_DONE, COALESCE, COUNT_ON_FLUSH, CLEAN_END, IGNORE_DISCONNECT, LATE));

  private static final Duration MAX_DELAY = Duration.ofSeconds(10);

  private ProxyDefects() {}

  /** Reads the names that are switched on; the value of {@value #LATE} is checked. */
  static Defects read(SettingsReader reader, String path) {
    Defects defects = Defects.read(reader, path, ALL);
    if (defects.has(LATE) && (delay(defects).isZero() || delay(defects).compareTo(MAX_DELAY) > 0)) {
      reader.error(
          path, "'" + LATE + "' needs a length of time up to 10s, such as " + LATE + "=5ms");
    }
    return defects;
  }

  /** How late every piece is; zero if the value is no length of time. */
  static Duration delay(Defects defects) {
    String text = defects.value(LATE).orElse("");
    if (text.matches("\\d{1,7}ms")) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    }
    return text.matches("\\d{1,4}s")
        ? Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)))
        : Duration.ZERO;
  }
}
