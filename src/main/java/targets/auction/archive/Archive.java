package targets.auction.archive;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import targets.auction.AuctionEvent;
import targets.auction.EventKind;

/** The tables. Amounts go in as whole cents and become exact decimals there. Thread-safe. */
final class Archive implements AutoCloseable {
  /** One writes, one looks whether PostgreSQL is there. */
  private static final int CONNECTIONS_MAX = 2;

  private static final long CONNECT_MS = 2000;
  private static final int ANSWER_S = 10;

  /** Any number: two archives that start at once make the tables one after the other. */
  private static final long SCHEMA_LOCK = 4_004;

  private static final String ITEMS =
      "INSERT INTO items (id) SELECT DISTINCT unnest(?) ON CONFLICT DO NOTHING";

  private static final String BIDS =
      "INSERT INTO bids (event_id, bid_id, item_id, sequence, user_id, amount, previous_bid,"
          + " placed_at) SELECT e, b, i, s, u, a * 0.01, p * 0.01,"
          + " timestamptz 'epoch' + t * interval '1 microsecond'"
          + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS r (e, b, i, s, u, a, p, t)"
          + " ON CONFLICT (event_id) DO NOTHING";

  private static final String PRICES =
      "UPDATE items SET current_bid = c * 0.01, highest_bidder_id = nullif(u, ''), status = st,"
          + " sequence = s, updated_at = now()"
          + " FROM unnest(?, ?, ?, ?, ?) AS r (i, c, u, st, s) WHERE id = i AND sequence < s";

  private static final String REFUSED =
      "INSERT INTO refused_events (position, event, reason) VALUES (?, ?, ?)"
          + " ON CONFLICT DO NOTHING";

  private final HikariDataSource pool;
  private final boolean itemsFirst;
  private volatile boolean made;

  /**
   * @param url of JDBC
   * @param itemsFirst false plants the mistake of inserting bids before their items
   */
  Archive(String url, boolean itemsFirst) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setPoolName("archive");
    config.setMaximumPoolSize(CONNECTIONS_MAX);
    config.setMinimumIdle(0);
    config.setAutoCommit(false);
    config.setConnectionTimeout(CONNECT_MS);
    config.setInitializationFailTimeout(-1); // PostgreSQL may come later.
    config.addDataSourceProperty("connectTimeout", Integer.toString((int) CONNECT_MS / 1000));
    config.addDataSourceProperty("socketTimeout", Integer.toString(ANSWER_S));
    config.addDataSourceProperty("ApplicationName", "archive");
    this.pool = new HikariDataSource(config);
    this.itemsFirst = itemsFirst;
  }

  /**
   * Looks whether PostgreSQL is there, and makes the tables the first time.
   *
   * @throws SQLException if it is not
   */
  void check() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      if (made) {
        statement.execute("SELECT 1");
      } else {
        statement.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
        statement.execute(schema());
      }
      connection.commit();
      made = true;
    }
  }

  /**
   * Stores events in one transaction.
   *
   * @return how many bids were new
   * @throws SQLException if it cannot; then nothing was stored
   */
  int store(List<AuctionEvent> events) throws SQLException {
    List<AuctionEvent> bids =
        events.stream().filter(event -> event.kind() == EventKind.BID).toList();
    try (Connection connection = pool.getConnection()) {
      if (itemsFirst) {
        items(connection, events);
      }
      int added = bids.isEmpty() ? 0 : bids(connection, bids);
      if (!itemsFirst && !bids.isEmpty()) {
        items(connection, bids);
      }
      prices(connection, events);
      connection.commit();
      return added;
    }
  }

  /** Keeps what cannot be stored, with the reason. */
  void refuse(long position, String event, String reason) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(REFUSED)) {
      statement.setLong(1, position);
      statement.setString(2, event.replace("\0", "\\0"));
      statement.setString(3, reason);
      statement.executeUpdate();
      connection.commit();
    }
  }

  /** Makes the item of an event whose bid is lost; only for the planted mistake. */
  void makeItem(AuctionEvent event) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      items(connection, List.of(event));
      connection.commit();
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private static void items(Connection connection, List<AuctionEvent> events) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ITEMS)) {
      statement.setArray(1, texts(connection, events, AuctionEvent::itemId));
      statement.executeUpdate();
    }
  }

  private static int bids(Connection connection, List<AuctionEvent> bids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BIDS)) {
      statement.setArray(1, texts(connection, bids, AuctionEvent::eventId));
      statement.setArray(2, texts(connection, bids, AuctionEvent::bidId));
      statement.setArray(3, texts(connection, bids, AuctionEvent::itemId));
      statement.setArray(4, numbers(connection, bids, AuctionEvent::sequence));
      statement.setArray(5, texts(connection, bids, AuctionEvent::userId));
      statement.setArray(6, numbers(connection, bids, AuctionEvent::amountCents));
      statement.setArray(7, numbers(connection, bids, AuctionEvent::previousCents));
      statement.setArray(8, numbers(connection, bids, AuctionEvent::atMicros));
      return statement.executeUpdate();
    }
  }

  private static void prices(Connection connection, List<AuctionEvent> events) throws SQLException {
    Map<String, AuctionEvent> latest = new LinkedHashMap<>();
    events.forEach(
        event ->
            latest.merge(event.itemId(), event, (a, b) -> a.sequence() > b.sequence() ? a : b));
    List<AuctionEvent> last = List.copyOf(latest.values());
    try (PreparedStatement statement = connection.prepareStatement(PRICES)) {
      statement.setArray(1, texts(connection, last, AuctionEvent::itemId));
      statement.setArray(2, numbers(connection, last, AuctionEvent::priceCents));
      statement.setArray(3, texts(connection, last, AuctionEvent::userId));
      statement.setArray(4, texts(connection, last, Archive::status));
      statement.setArray(5, numbers(connection, last, AuctionEvent::sequence));
      statement.executeUpdate();
    }
  }

  private static String status(AuctionEvent event) {
    return event.kind() == EventKind.CLOSED ? "closed" : "open";
  }

  private static Array texts(
      Connection connection, List<AuctionEvent> events, Function<AuctionEvent, String> field)
      throws SQLException {
    return connection.createArrayOf("text", events.stream().map(field).toArray());
  }

  private static Array numbers(
      Connection connection, List<AuctionEvent> events, Function<AuctionEvent, Long> field)
      throws SQLException {
    return connection.createArrayOf("bigint", events.stream().map(field).toArray());
  }

  private static String schema() {
    try (InputStream in = Archive.class.getResourceAsStream("/auction/schema.sql")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read schema.sql of the program itself", e);
    }
  }
}
