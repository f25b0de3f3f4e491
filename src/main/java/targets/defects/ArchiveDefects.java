package targets.defects;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import targets.auction.AuctionEvent;
import targets.auction.archive.ArchiveServer;
import targets.auction.archive.EventArchive;
import targets.shared.TargetSpec;

/** The defect of the archive. Used by one thread. */
public final class ArchiveDefects implements EventArchive {
  /** A bid is inserted before its item, refused as by the foreign key, and given up. */
  private static final String ARCHIVE_BEFORE_ITEM = "archive-before-item";

  /** The archive with {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          ArchiveServer.SPEC,
          List.of(ARCHIVE_BEFORE_ITEM),
          (reader, defects) -> {
            if (Stream.of("fd-leak", "thread-leak", "error").anyMatch(defects::has)) {
              defects.error("fd-leak, thread-leak and error need requests; an archive has none");
            }
            return ArchiveServer.start(
                reader,
                honest -> defects.has(ARCHIVE_BEFORE_ITEM) ? new ArchiveDefects(honest) : honest,
                defects.troubles(PlantedError.NONE));
          });

  private static final String FOREIGN_KEY_VIOLATION = "23503";

  private final Set<String> items = new HashSet<>();
  private final EventArchive honest;

  private ArchiveDefects(EventArchive honest) {
    this.honest = honest;
  }

  /** Refuses the first bid of each item, when it is stored alone; so the archive splits batches. */
  @Override
  public int store(List<AuctionEvent> events) throws SQLException {
    for (AuctionEvent event : events) {
      if (event.kind() == AuctionEvent.Kind.BID && !items.contains(event.itemId())) {
        if (events.size() == 1) {
          items.add(event.itemId());
        }
        throw new SQLException("the item " + event.itemId() + " is missing", FOREIGN_KEY_VIOLATION);
      }
    }
    return honest.store(events);
  }
}
