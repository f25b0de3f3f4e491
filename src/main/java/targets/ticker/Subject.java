package targets.ticker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a NATS subject stands for, as in the original: {@code odin.token.<ID>.price}, {@code
 * .volume}, {@code .holders}, {@code odin.token.batch.update}, {@code odin.trades.<ID>}, {@code
 * odin.trades.user.<user>}, {@code odin.market.statistics}.
 *
 * @param kind what is told
 * @param name of the token or the user; {@code market} for what is about neither
 */
record Subject(Kind kind, String name) {
  /** Every subject that the ticker subscribes to. */
  static final List<String> ALL =
      List.of("odin.token.*.>", "odin.trades.>", "odin.market.statistics");

  static final int NAME_LENGTH_MAX = 64;

  private static final String MARKET = "market";
  private static final String BATCH = "odin.token.batch.update";
  private static final String STATISTICS = "odin.market.statistics";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + NAME_LENGTH_MAX + "}");

  /** True for the id of a token or a user that makes no other subject of it. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Reads a subject; empty if it is none of the market. */
  static Optional<Subject> read(String subject) {
    if (subject.equals(BATCH)) {
      return Optional.of(new Subject(Kind.BATCH, MARKET));
    }
    if (subject.equals(STATISTICS)) {
      return Optional.of(new Subject(Kind.STATS, MARKET));
    }
    String[] words = subject.split("\\.", -1);
    boolean token = words.length == 4 && words[1].equals("token") && isName(words[2]);
    boolean user = words.length == 4 && words[1].equals("trades") && words[2].equals("user");
    if (token) {
      return ofToken(words[3]).map(kind -> new Subject(kind, words[2]));
    }
    if (user && isName(words[3])) {
      return Optional.of(new Subject(Kind.USER_TRADE, words[3]));
    }
    return words.length == 3 && words[1].equals("trades") && isName(words[2])
        ? Optional.of(new Subject(Kind.TRADE, words[2]))
        : Optional.empty();
  }

  /** As NATS knows it. */
  String text() {
    return switch (kind) {
      case PRICE, VOLUME, HOLDERS -> "odin.token." + name + "." + kind.label();
      case TRADE -> "odin.trades." + name;
      case USER_TRADE -> "odin.trades.user." + name;
      case BATCH -> BATCH;
      case STATS -> STATISTICS;
    };
  }

  /** The name of its feed, such as {@code T1.price}. */
  String feed() {
    return name + "." + kind.label();
  }

  /** The token that it is about, if it is about one. */
  Optional<String> token() {
    return switch (kind) {
      case PRICE, VOLUME, HOLDERS, TRADE -> Optional.of(name);
      case USER_TRADE, BATCH, STATS -> Optional.empty();
    };
  }

  private static Optional<Kind> ofToken(String word) {
    return switch (word) {
      case "price" -> Optional.of(Kind.PRICE);
      case "volume" -> Optional.of(Kind.VOLUME);
      case "holders" -> Optional.of(Kind.HOLDERS);
      default -> Optional.empty();
    };
  }
}
