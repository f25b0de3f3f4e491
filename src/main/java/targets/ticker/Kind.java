package targets.ticker;

/** Kinds of broadcasts; each has a message type and a form of its NATS subjects. */
enum Kind {
  /** The price of a token. */
  PRICE("price", "price:update", true, "odin.token.*.price"),
  /** The volume of a token within a day. */
  VOLUME("volume", "volume:update", true, "odin.token.*.volume"),
  /** The number of holders of a token. */
  HOLDERS("holders", "holder:update", true, "odin.token.*.holders"),
  /** A trade in a token, public. */
  TRADE("trades", "trade:executed", false, "odin.trades.*"),
  /** A trade of one user, for that user only. */
  USER_TRADE("user-trades", "trade:executed", false, "odin.trades.user.*"),
  /** Prices of several tokens at once. */
  BATCH("batch", "batch:update", false, "odin.token.batch.update"),
  /** Figures of the whole market. */
  STATS("stats", "market:stats", true, "odin.market.statistics");

  private final String label;
  private final String type;
  private final boolean conflates;
  private final String form;

  Kind(String label, String type, boolean conflates, String form) {
    this.label = label;
    this.type = type;
    this.conflates = conflates;
    this.form = form;
  }

  /** Returns the last part of a feed's name. */
  String label() {
    return label;
  }

  /** Returns the message's {@code type}. */
  String type() {
    return type;
  }

  /** True if a newer message makes an older one of the same feed worthless. */
  boolean conflates() {
    return conflates;
  }

  /** Returns the subject, with {@code *} in the place of the name if it has one. */
  String form() {
    return form;
  }

  /** Returns the word in options. */
  @Override
  public String toString() {
    return label;
  }
}
