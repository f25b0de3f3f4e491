package targets.ticker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The meaning of a NATS subject.
 *
 * @param kind of the broadcast
 * @param name of the token or the user; {@code market} where there is neither
 */
record Subject(Kind kind, String name) {
  /** Every subject that the ticker subscribes to. */
  static final List<String> ALL =
      List.of("odin.token.*.>", "odin.trades.>", "odin.market.statistics");

  static final int NAME_LENGTH_MAX = 64;

  private static final String MARKET = "market";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + NAME_LENGTH_MAX + "}");

  /** True for the id of a token or a user that is one word of a subject. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Reads a subject; empty for an unknown one. */
  static Optional<Subject> read(String subject) {
    for (Kind kind : Kind.values()) {
      int star = kind.form().indexOf('*');
      if (star < 0 && subject.equals(kind.form())) {
        return Optional.of(new Subject(kind, MARKET));
      }
      String end = kind.form().substring(star + 1);
      if (star >= 0
          && subject.length() > star + end.length()
          && subject.startsWith(kind.form().substring(0, star))
          && subject.endsWith(end)) {
        String name = subject.substring(star, subject.length() - end.length());
        if (isName(name)) {
          return Optional.of(new Subject(kind, name));
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the subject as NATS has it. */
  String text() {
    return kind.form().replace("*", name);
  }

  /** Returns the name of its feed, such as {@code T1.price}. */
  String feed() {
    return name + "." + kind.label();
  }

  /** Returns the token of a broadcast about one. */
  Optional<String> token() {
    return switch (kind) {
      case PRICE, VOLUME, HOLDERS, TRADE -> Optional.of(name);
      case USER_TRADE, BATCH, STATS -> Optional.empty();
    };
  }
}
