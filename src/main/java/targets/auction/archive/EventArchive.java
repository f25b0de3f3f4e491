package targets.auction.archive;

import java.sql.SQLException;
import java.util.List;
import targets.auction.AuctionEvent;

/** Stores events, each at most once. */
@FunctionalInterface
public interface EventArchive {
  /**
   * Stores events in one transaction.
   *
   * @return the number of new bids
   * @throws SQLException if nothing was stored
   */
  int store(List<AuctionEvent> events) throws SQLException;
}
