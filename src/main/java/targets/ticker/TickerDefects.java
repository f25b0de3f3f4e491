package targets.ticker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import settings.SettingsReader;
import targets.shared.Defects;

/** The names of the ticker's planted mistakes; all are off by default. */
final class TickerDefects {
  /** So many of 100 connections are closed by 1008 as soon as they are open. */
  static final String CLOSE_AFTER_OPEN = "close-after-open";

  /** A pong's latency is the difference of two clocks that have nothing to do with each other. */
  static final String WRONG_CLOCK = "latency-from-wrong-clock";

  /** Who has no token, or any, comes in. */
  static final String ACCEPT_ANY_TOKEN = "accept-any-token";

  /** A token that says that it is not signed is believed. */
  static final String ACCEPT_ALG_NONE = "accept-alg-none";

  /** A token never expires. */
  static final String NO_EXPIRY_CHECK = "no-expiry-check";

  /** A connection may send whatever it likes. */
  static final String NO_RATE_LIMIT = "no-rate-limit";

  /** Every hundredth delivery does not happen, or every Nth. */
  static final String DROP = "drop-broadcast";

  /** Every hundredth delivery happens twice, or every Nth. */
  static final String DUPLICATE = "duplicate-broadcast";

  /** Nobody gets anything while one client takes nothing. */
  static final String BLOCKING = "blocking-broadcast";

  /** What is known of a client is kept when it is gone. */
  static final String LEAK = "leak-client-state";

  /** All of them, in the order of the help. */
  static final Set<String> ALL =
      new LinkedHashSet<>(
          List.of(
              CLOSE_AFTER_OPEN,
              WRONG_CLOCK,
              ACCEPT_ANY_TOKEN,
              ACCEPT_ALG_NONE,
              NO_EXPIRY_CHECK,
              NO_RATE_LIMIT,
              DROP,
              DUPLICATE,
              BLOCKING,
              LEAK));

  private static final int SHARE_OF_ORIGINAL = 90;
  private static final int EVERY = 100;

  private TickerDefects() {}

  /** Reads what is switched on; the values are checked. */
  static Defects read(SettingsReader reader, String path) {
    Defects defects = Defects.read(reader, path, ALL);
    check(reader, path, defects, CLOSE_AFTER_OPEN, "(100|[1-9]?\\d)%", "90%");
    check(reader, path, defects, DROP, "[1-9]\\d{0,6}", "100");
    check(reader, path, defects, DUPLICATE, "[1-9]\\d{0,6}", "100");
    return defects;
  }

  /** How many of 100 connections are closed at once; 0 if the mistake is off. */
  static int closedShare(Defects defects) {
    if (!defects.has(CLOSE_AFTER_OPEN)) {
      return 0;
    }
    return defects
        .value(CLOSE_AFTER_OPEN)
        .map(value -> Integer.parseInt(value.replace("%", "")))
        .orElse(SHARE_OF_ORIGINAL);
  }

  /** Every how-manyth delivery a mistake hits; 0 if it is off. */
  static int every(Defects defects, String name) {
    return defects.has(name) ? defects.value(name).map(Integer::parseInt).orElse(EVERY) : 0;
  }

  private static void check(
      SettingsReader reader, String path, Defects defects, String name, String form, String word) {
    if (defects.value(name).filter(value -> !value.matches(form)).isPresent()) {
      reader.error(
          path, "'" + name + "' does not take this value; write for example " + name + "=" + word);
    }
  }
}
