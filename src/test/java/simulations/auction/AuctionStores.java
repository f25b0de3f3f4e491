package simulations.auction;

import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The stores behind a bundled auction, read by the audit on one thread. Every method throws an
 * IOException that names the store that does not answer, or answers nonsense.
 *
 * @param redis where bids are decided
 * @param nats that stores the events of accepted bids
 * @param postgres JDBC address of the archive; empty if no archive was started
 */
record AuctionStores(URI redis, String nats, Optional<String> postgres) {
  private static final String EVENTS = "auction:events";

  /** The JetStream stream of every event; the item's name follows the prefix in its subject. */
  static final String STORE = "BID_EVENTS";

  static final String SUBJECT = "bid.events.";

  /**
   * The state of Redis.
   *
   * @param sequence number of an item's last event; 0 if there is none
   * @param added events that were ever added to the stream of all items; below 0 if this Redis does
   *     not count them
   * @param waiting events that are not published yet
   */
  record OfRedis(long sequence, long added, long waiting) {}

  OfRedis redis(String item) throws IOException {
    try (Jedis jedis = new Jedis(redis)) {
      String sequence = jedis.get("item:" + item + ":sequence");
      boolean any = jedis.exists(EVENTS);
      Object added = any ? jedis.xinfoStream(EVENTS).getStreamInfo().get("entries-added") : null;
      return new OfRedis(
          sequence == null ? 0 : Long.parseLong(sequence),
          added instanceof Long number ? number : -1,
          any ? jedis.xlen(EVENTS) : 0);
    } catch (JedisException e) {
      throw unreadable("Redis", e);
    }
  }

  /** Returns the number of an item's events in JetStream. */
  long published(String item) throws IOException {
    StreamInfoOptions options = StreamInfoOptions.builder().filterSubjects(SUBJECT + item).build();
    try {
      var connection = Nats.connect(nats);
      try {
        StreamInfo stream = connection.jetStreamManagement().getStreamInfo(STORE, options);
        return stream.getStreamState().getSubjects().stream().mapToLong(Subject::getCount).sum();
      } finally {
        connection.close();
      }
    } catch (IOException | JetStreamApiException e) {
      throw unreadable("JetStream", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable("JetStream", e);
    }
  }

  long archived(List<String> items) throws IOException {
    String query = "SELECT count(*) FROM bids WHERE item_id = ANY(string_to_array(?, ','))";
    return numbers(query, String.join(",", items))[0];
  }

  /** Returns the amounts of an item's archived bids in cents, in the order of their sequence. */
  long[] archivedCents(String item) throws IOException {
    return numbers(
        "SELECT (amount * 100)::bigint FROM bids WHERE item_id = ? ORDER BY sequence", item);
  }

  /** Returns the number of archived bids whose previous bid is not the one archived before. */
  long archivedOutOfChain(String item) throws IOException {
    return numbers(
        "SELECT count(*) FROM (SELECT previous_bid, lag(amount, 1, 0.00)"
            + " OVER (ORDER BY sequence) AS one_before FROM bids WHERE item_id = ?) AS chain"
            + " WHERE previous_bid <> one_before",
        item)[0];
  }

  private long[] numbers(String query, String item) throws IOException {
    try (Connection connection = DriverManager.getConnection(postgres.orElseThrow());
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, item);
      try (ResultSet rows = statement.executeQuery()) {
        LongStream.Builder numbers = LongStream.builder();
        while (rows.next()) {
          numbers.add(rows.getLong(1));
        }
        return numbers.build().toArray();
      }
    } catch (SQLException e) {
      throw unreadable("PostgreSQL", e);
    }
  }

  private static IOException unreadable(String store, Exception cause) {
    return new IOException(store + " cannot be read: " + cause.getMessage(), cause);
  }
}
