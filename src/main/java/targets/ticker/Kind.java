package targets.ticker;

/** What a broadcast tells; each has a message type of its own. */
enum Kind {
  /** The price of a token. */
  PRICE("price", "price:update", true),
  /** What was traded of a token within a day. */
  VOLUME("volume", "volume:update", true),
  /** How many hold a token. */
  HOLDERS("holders", "holder:update", true),
  /** A trade in a token, for everybody. */
  TRADE("trades", "trade:executed", false),
  /** A trade of one user, for that user only. */
  USER_TRADE("user-trades", "trade:executed", false),
  /** Prices of several tokens at once. */
  BATCH("batch", "batch:update", false),
  /** Figures of the whole market. */
  STATS("stats", "market:stats", true);

  private final String label;
  private final String type;
  private final boolean conflates;

  Kind(String label, String type, boolean conflates) {
    this.label = label;
    this.type = type;
    this.conflates = conflates;
  }

  /** The last part of a feed's name. */
  String label() {
    return label;
  }

  /** The message's {@code type}. */
  String type() {
    return type;
  }

  /** True if a newer message makes an older one of the same feed worthless. */
  boolean conflates() {
    return conflates;
  }
}
