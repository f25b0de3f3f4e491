package targets.auction.archive;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import targets.auction.AuctionEvent;
import targets.auction.Names;
import targets.auction.archive.ArchiveServer.EventArchive;

/** The tables. Amounts arrive as whole cents and become exact decimals there. Thread-safe. */
final class PostgresArchive implements EventArchive, AutoCloseable {
  /** One writes, one checks that PostgreSQL answers. */
  private static final int CONNECTIONS_MAX = 2;

  private static final long CONNECT_MS = 2000;
  private static final int ANSWER_S = 10;

  /** Any number: two archives that start at once create the tables one after the other. */
  private static final long SCHEMA_LOCK = 4_004;

  private static final String ITEMS = Names.resource("items.sql");
  private static final String LIVES = Names.resource("lives.sql");
  private static final String BIDS = Names.resource("bids.sql");
  private static final String PRICES = Names.resource("prices.sql");
  private static final String REFUSED = Names.resource("refused.sql");

  private final HikariDataSource pool;
  private volatile boolean created;

  PostgresArchive(String url) {
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
  }

  /** Throws if PostgreSQL does not answer; creates the tables the first time. */
  void check() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      if (created) {
        statement.execute("SELECT 1");
      } else {
        statement.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
        statement.execute(Names.resource("schema.sql"));
      }
      connection.commit();
      created = true;
    }
  }

  @Override
  public int store(List<AuctionEvent> events) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      int added = 0;
      int from = 0;
      Set<String> items = new HashSet<>();
      for (int i = 0; i < events.size(); i++) {
        AuctionEvent event = events.get(i);
        if (!items.add(event.itemId()) && event.beginsLife()) {
          added += store(connection, events.subList(from, i));
          from = i;
          items.clear();
          items.add(event.itemId());
        }
      }
      added += store(connection, events.subList(from, events.size()));
      connection.commit();
      return added;
    }
  }

  /** Stores events that hold the beginning of an item's life only as the first of that item. */
  private static int store(Connection connection, List<AuctionEvent> events) throws SQLException {
    Map<String, AuctionEvent> latest = new LinkedHashMap<>();
    for (AuctionEvent event : events) {
      latest.merge(event.itemId(), event, (a, b) -> a.sequence() > b.sequence() ? a : b);
    }
    execute(connection, ITEMS, events, AuctionEvent::itemId);
    execute(
        connection,
        LIVES,
        events.stream().filter(AuctionEvent::beginsLife).toList(),
        AuctionEvent::eventId,
        AuctionEvent::itemId);
    int added =
        execute(
            connection,
            BIDS,
            events.stream().filter(event -> event.kind() == AuctionEvent.Kind.BID).toList(),
            AuctionEvent::eventId,
            AuctionEvent::bidId,
            AuctionEvent::itemId,
            AuctionEvent::sequence,
            AuctionEvent::userId,
            AuctionEvent::amountCents,
            AuctionEvent::previousCents,
            AuctionEvent::atMicros);
    execute(
        connection,
        PRICES,
        List.copyOf(latest.values()),
        AuctionEvent::itemId,
        AuctionEvent::priceCents,
        AuctionEvent::userId,
        event -> event.kind().status(),
        AuctionEvent::sequence);
    return added;
  }

  /** Keeps an event that cannot be stored, with the reason. */
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

  @Override
  public void close() {
    pool.close();
  }

  /** Executes a statement whose parameters are arrays, each with one value for each event. */
  @SafeVarargs
  private static int execute(
      Connection connection,
      String sql,
      List<AuctionEvent> events,
      Function<AuctionEvent, Object>... columns)
      throws SQLException {
    if (events.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.length; i++) {
        Object[] values = events.stream().map(columns[i]).toArray();
        String type = values[0] instanceof Long ? "bigint" : "text";
        statement.setArray(i + 1, connection.createArrayOf(type, values));
      }
      return statement.executeUpdate();
    }
  }
}
