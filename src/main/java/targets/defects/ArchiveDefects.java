package targets.defects;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import targets.auction.AuctionEvent;
import targets.auction.archive.ArchiveServer;
import targets.auction.archive.ArchiveServer.EventArchive;
import targets.defects.CommonDefects.Requests;
import targets.shared.TargetSpec;

/** The defect of the archive. */
public final class ArchiveDefects {
  private static final Defect ARCHIVE_BEFORE_ITEM = Defect.of("archive-before-item");

  /** The archive with {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          ArchiveServer.SPEC,
          Requests.NONE,
          List.of(ARCHIVE_BEFORE_ITEM),
          (reader, defects, common) ->
              ArchiveServer.start(
                  reader,
                  honest -> defects.plant(ARCHIVE_BEFORE_ITEM, honest, ArchiveDefects::beforeItem),
                  common));

  private static final String FOREIGN_KEY_VIOLATION = "23503";

  private ArchiveDefects() {}

  /**
   * Refuses the first bid of each item, as by the foreign key, when it is stored alone; so the
   * archive splits batches, and gives that bid up.
   */
  private static EventArchive beforeItem(EventArchive honest) {
    Set<String> items = new HashSet<>();
    return events -> {
      for (AuctionEvent event : events) {
        String item = event.itemId();
        if (event.kind() == AuctionEvent.Kind.BID && !items.contains(item)) {
          if (events.size() == 1) {
            items.add(item);
          }
          throw new SQLException("the item " + item + " is missing", FOREIGN_KEY_VIOLATION);
        }
      }
      return honest.store(events);
    };
  }
}
