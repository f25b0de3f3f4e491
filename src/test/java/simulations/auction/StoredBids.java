package simulations.auction;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import io.nats.client.api.Subject;
import java.io.IOException;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** What Redis and JetStream behind the bundled auction hold of an item. Used by one thread. */
public final class StoredBids {
  /** A store that should be there is not, or answers nonsense. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String store, Exception cause) {
      super(store + " cannot be read: " + cause.getMessage(), cause);
    }
  }

  private static final String EVENTS = "auction:events";
  private static final String STORE = "BID_EVENTS";
  private static final int REPEATED = -1;

  private final AuctionStores stores;

  StoredBids(AuctionStores stores) {
    this.stores = stores;
  }

  /**
   * What Redis says.
   *
   * @param sequence number of the item's last event
   * @param added events that were ever added to the stream of all items
   * @param waiting events that wait to be published
   */
  record OfRedis(long sequence, long added, long waiting) {}

  /** Asks Redis. */
  OfRedis redis(String item) throws Unreadable {
    try (Jedis jedis = new Jedis(stores.redis())) {
      String sequence = jedis.get("item:" + item + ":sequence");
      boolean any = jedis.exists(EVENTS);
      Object added = any ? jedis.xinfoStream(EVENTS).getStreamInfo().get("entries-added") : null;
      return new OfRedis(
          sequence == null ? 0 : Long.parseLong(sequence),
          added instanceof Long number ? number : REPEATED,
          any ? jedis.xlen(EVENTS) : 0);
    } catch (JedisException e) {
      throw new Unreadable("Redis", e);
    }
  }

  /** The number of the item's last event in Redis. */
  long sequence(String item) throws Unreadable {
    return redis(item).sequence();
  }

  /** How many events of the item JetStream has. */
  long stored(String item) throws Unreadable {
    try {
      Connection connection = Nats.connect(stores.nats());
      try {
        StreamInfoOptions options =
            StreamInfoOptions.builder().filterSubjects("bid.events." + item).build();
        StreamState state =
            connection.jetStreamManagement().getStreamInfo(STORE, options).getStreamState();
        List<Subject> subjects = state.getSubjects();
        return subjects.stream().mapToLong(Subject::getCount).sum();
      } finally {
        connection.close();
      }
    } catch (IOException | JetStreamApiException e) {
      throw new Unreadable("JetStream", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreadable("JetStream", e);
    }
  }
}
