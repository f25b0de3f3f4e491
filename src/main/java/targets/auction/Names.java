package targets.auction;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** NATS subjects and Redis keys, the original's and added ones, and the program's own files. */
public final class Names {
  /** The JetStream stream that holds every event. */
  public static final String STORE = "BID_EVENTS";

  /** The durable consumer of the archive. */
  public static final String ARCHIVE = "archival-worker";

  /** Prefix of the subjects that JetStream stores; the item's id follows. */
  public static final String STORED_PREFIX = "bid.events.";

  /** Prefix of the subjects on which JetStream republishes stored events; the item's id follows. */
  public static final String LIVE_PREFIX = "bid_events.";

  /** The Redis stream of events to publish. */
  public static final String EVENT_LOG = "auction:events";

  /** The Redis stream of the last entries of {@link #EVENT_LOG} that were not events. */
  public static final String UNREADABLE = "auction:events:unreadable";

  /** The lease of the process that publishes. */
  public static final String PUBLISHER = "auction:events:publisher";

  /** The rule of {@link #isItemId}, for messages. */
  public static final String ITEM_ID_WORDS = "1 to 128 letters, digits, '-' or '_'";

  private static final Pattern ITEM_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private Names() {}

  /** Accepts ids without any character that has a meaning in subjects, keys or paths. */
  public static boolean isItemId(String text) {
    return ITEM_ID.matcher(text).matches();
  }

  public static String stored(String itemId) {
    return STORED_PREFIX + itemId;
  }

  /** Returns the key of one value of an item. */
  public static String key(String itemId, String value) {
    return "item:" + itemId + ":" + value;
  }

  /**
   * Returns the keys of an item, and more behind them: price in whole cents, bidder, status, which
   * is missing if there is no such item, and the sequence of the last event.
   */
  public static String[] keys(String itemId, String... more) {
    Stream<String> own =
        Stream.of("current_bid", "highest_bidder", "status", "sequence")
            .map(value -> key(itemId, value));
    return Stream.concat(own, Arrays.stream(more)).toArray(String[]::new);
  }

  /** Returns the text of a file in {@code resources/auction}. */
  public static String resource(String name) {
    try (InputStream in = Names.class.getResourceAsStream("/auction/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the program's own " + name, e);
    }
  }
}
