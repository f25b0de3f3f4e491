package bench.fanout;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The message of all lanes: an event of an auction, which a ticker passes on as a trade. */
final class Announcement {
  /** Whose events these are. */
  static final String ITEM = "bench";

  /** What precedes a message's number in it. */
  static final String BEFORE_NUMBER = "\"sequence\":";

  private Announcement() {}

  /**
   * A message.
   *
   * @param number 1 for the first of a lane
   * @param at when it is said to have happened
   */
  static byte[] of(long number, Instant at) {
    return String.format(
            Locale.ROOT,
            "{\"type\":\"bid\",\"event_id\":\"bench-%1$d\",\"item_id\":\"%2$s\",%3$s%1$d,"
                + "\"bid_id\":\"b-%1$d\",\"user_id\":\"announcer\",\"amount\":%1$d.00,"
                + "\"previous_bid\":%4$d.00,\"highest_bidder_id\":\"announcer\","
                + "\"timestamp\":\"%5$s\"}",
            number,
            ITEM,
            BEFORE_NUMBER,
            number - 1,
            at.truncatedTo(ChronoUnit.MICROS))
        .getBytes(StandardCharsets.UTF_8);
  }
}
