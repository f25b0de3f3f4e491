package targets.ticker;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The meaning of a NATS subject.
 *
 * @param name of the token or the user; {@code market} where there is neither
 */
record Subject(Kind kind, String name) {
  /** Kinds of broadcasts; each has a message type and a form of its NATS subjects. */
  enum Kind {
    PRICE("price", "price:update", true, "odin.token.*.price"),
    VOLUME("volume", "volume:update", true, "odin.token.*.volume"),
    HOLDERS("holders", "holder:update", true, "odin.token.*.holders"),
    TRADE("trades", "trade:executed", false, "odin.trades.*"),
    /** A trade of one user, for that user only. */
    USER_TRADE("user-trades", "trade:executed", false, "odin.trades.user.*"),
    /** Prices of several tokens at once. */
    BATCH("batch", "batch:update", false, "odin.token.batch.update"),
    STATS("stats", "market:stats", true, "odin.market.statistics");

    /** The last part of a feed's name. */
    final String label;

    final String type;

    /** True if a newer message makes an older one of the same feed worthless. */
    final boolean conflates;

    private final String begin;
    private final Optional<String> end;

    Kind(String label, String type, boolean conflates, String form) {
      this.label = label;
      this.type = type;
      this.conflates = conflates;
      int star = form.indexOf('*');
      begin = star < 0 ? form : form.substring(0, star);
      end = star < 0 ? Optional.empty() : Optional.of(form.substring(star + 1));
    }

    @Override
    public String toString() {
      return label;
    }
  }

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
  static Optional<Subject> read(String text) {
    for (Kind kind : Kind.values()) {
      if (kind.end.isEmpty() && text.equals(kind.begin)) {
        return Optional.of(new Subject(kind, MARKET));
      }
      if (kind.end.isPresent() && text.startsWith(kind.begin) && text.endsWith(kind.end.get())) {
        int nameEnd = text.length() - kind.end.get().length();
        String name = text.substring(Math.min(kind.begin.length(), nameEnd), nameEnd);
        if (isName(name)) {
          return Optional.of(new Subject(kind, name));
        }
      }
    }
    return Optional.empty();
  }

  String text() {
    return kind.end.map(end -> kind.begin + name + end).orElse(kind.begin);
  }

  /** Returns the name of its feed, such as {@code T1.price}. */
  String feed() {
    return name + "." + kind.label;
  }

  boolean isOfToken() {
    return kind.end.isPresent() && kind != Kind.USER_TRADE;
  }

  /**
   * Returns whether a subscriber receives it.
   *
   * @param user of the subscriber
   * @param tokens subscribed to; null for all
   */
  boolean isFor(String user, Set<String> tokens) {
    if (isOfToken()) {
      return tokens == null || tokens.contains(name);
    }
    return kind != Kind.USER_TRADE || name.equals(user);
  }
}
