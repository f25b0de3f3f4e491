package targets.auction.bid;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import targets.auction.bid.Decision.Kind;

/** What the scripts return, as {@code bid.lua} and {@code item.lua} write it. */
final class RedisReply {
  private static final int CENTS = 6;
  private static final int USER = 7;

  private RedisReply() {}

  /** The answer to a bid, or to an earlier one with its key. */
  static Decision bid(Object reply, Bid bid) {
    List<String> words = words(reply);
    switch (words.get(0)) {
      case "unknown" -> {
        return Decision.none(Kind.UNKNOWN, "");
      }
      case "full" -> {
        return Decision.none(Kind.FULL, "too many events wait for NATS");
      }
      default -> {}
    }
    boolean own =
        words.get(CENTS).equals(Long.toString(bid.cents())) && words.get(USER).equals(bid.userId());
    if (!own) {
      return Decision.none(Kind.MISUSED_KEY, "");
    }
    Kind kind =
        switch (words.get(0)) {
          case "accepted" -> Kind.ACCEPTED;
          case "closed" -> Kind.CLOSED;
          default -> Kind.REJECTED;
        };
    return new Decision(
        kind,
        Long.parseLong(words.get(1)),
        bidder(words.get(2)),
        Long.parseLong(words.get(3)),
        kind == Kind.CLOSED ? "closed" : "open",
        words.get(4),
        words.get(5),
        "");
  }

  /** The answer to a change. */
  static Decision change(Object reply) {
    List<String> words = words(reply);
    return switch (words.get(0)) {
      case "unknown" -> Decision.none(Kind.UNKNOWN, "");
      case "full" -> Decision.none(Kind.FULL, "too many events wait for NATS");
      default ->
          new Decision(
              words.get(0).equals("same") ? Kind.SAME : Kind.CHANGED,
              Long.parseLong(words.get(1)),
              bidder(words.get(2)),
              Long.parseLong(words.get(3)),
              words.get(4),
              "",
              "",
              "");
    };
  }

  /** Price, bidder, status and sequence, each null where there is none. */
  static Decision state(List<String> values) {
    if (values.get(2) == null) {
      return Decision.none(Kind.UNKNOWN, "");
    }
    return new Decision(
        Kind.STATE,
        values.get(0) == null ? 0 : Long.parseLong(values.get(0)),
        Optional.ofNullable(values.get(1)),
        values.get(3) == null ? 0 : Long.parseLong(values.get(3)),
        values.get(2),
        "",
        "",
        "");
  }

  private static List<String> words(Object reply) {
    return ((List<?>) reply).stream().map(word -> new String((byte[]) word, UTF_8)).toList();
  }

  private static Optional<String> bidder(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }
}
