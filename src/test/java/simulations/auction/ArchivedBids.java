package simulations.auction;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.LongStream;
import simulations.auction.StoredBids.Unreadable;

/** What the archive has in PostgreSQL of an item. Used by one thread. */
public final class ArchivedBids {
  private final String url;

  /**
   * @param url of JDBC
   */
  public ArchivedBids(String url) {
    this.url = url;
  }

  /** How many bids on all items are archived. */
  public long count() throws Unreadable {
    return numbers("SELECT count(*) FROM bids WHERE ? <> ''", "all").findFirst().orElse(0);
  }

  /** How many bids on the item are archived. */
  long count(String item) throws Unreadable {
    return numbers("SELECT count(*) FROM bids WHERE item_id = ?", item).findFirst().orElse(0);
  }

  /** Amounts of the archived bids in cents, in the order of their sequence. */
  public long[] cents(String item) throws Unreadable {
    return numbers(
            "SELECT (amount * 100)::bigint FROM bids WHERE item_id = ? ORDER BY sequence", item)
        .toArray();
  }

  /** Archived bids whose previous bid is not the one archived before. */
  long outOfChain(String item) throws Unreadable {
    return numbers(
            "SELECT count(*) FROM (SELECT previous_bid, lag(amount, 1, 0.00)"
                + " OVER (ORDER BY sequence) AS one_before FROM bids WHERE item_id = ?) AS chain"
                + " WHERE previous_bid <> one_before",
            item)
        .findFirst()
        .orElse(0);
  }

  private LongStream numbers(String query, String item) throws Unreadable {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, item);
      try (ResultSet rows = statement.executeQuery()) {
        LongStream.Builder numbers = LongStream.builder();
        while (rows.next()) {
          numbers.add(rows.getLong(1));
        }
        return numbers.build();
      }
    } catch (SQLException e) {
      throw new Unreadable("PostgreSQL", e);
    }
  }
}
