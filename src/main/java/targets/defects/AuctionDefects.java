package targets.defects;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import targets.auction.AuctionEvent;
import targets.auction.archive.ArchiveServer;
import targets.auction.archive.ArchiveServer.EventArchive;
import targets.auction.bid.BidServer;
import targets.auction.broadcast.BroadcastServer;
import targets.defects.CommonDefects.Requests;
import targets.defects.Shuffle.Fate;
import targets.shared.Delivery;
import targets.shared.PushMessage;
import targets.shared.TargetSpec;

/** The defects of the bid service, the broadcast service and the archive. */
public final class AuctionDefects {
  public static final TargetSpec BIDS =
      Defects.around(
          BidServer.SPEC,
          Requests.of(".* /api/v1/items/.*"),
          BidDefects.ALL,
          (reader, defects, common) -> BidServer.start(reader, new BidDefects(defects), common));

  public static final TargetSpec BROADCAST =
      Defects.around(
          BroadcastServer.SPEC,
          Requests.of(".* /ws/items/.*", "refused_requests"),
          "events-out-of-order, lost-event, duplicate-event, " + Defects.STOPPING,
          (reader, defects, common) ->
              BroadcastServer.start(reader, new BroadcastSeam(defects), common));

  public static final TargetSpec ARCHIVE =
      Defects.around(
          ArchiveServer.SPEC,
          Requests.NONE,
          "archive-before-item, lose-on-restart, stuck-after-heal",
          (reader, defects, common) ->
              ArchiveServer.start(reader, honest -> archive(defects, honest), common));

  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final int EVERY = 10;

  private AuctionDefects() {}

  private static EventArchive archive(Defects defects, EventArchive honest) {
    EventArchive ordered = defects.plant("archive-before-item", honest, AuctionDefects::beforeItem);
    EventArchive late = defects.plant("lose-on-restart", ordered, AuctionDefects::writtenBehind);
    return defects.plant("stuck-after-heal", late, AuctionDefects::stuck);
  }

  /** Reports events as stored up to a second before they are: a kill loses them. */
  private static EventArchive writtenBehind(EventArchive honest) {
    List<AuctionEvent> held = new ArrayList<>();
    Runnable write =
        () -> {
          synchronized (held) {
            try {
              honest.store(held);
              held.clear();
            } catch (SQLException e) {
              // They are tried again in a second.
            }
          }
        };
    var writer = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("late", true));
    var unused = writer.scheduleWithFixedDelay(write, 1, 1, TimeUnit.SECONDS);
    return events -> {
      synchronized (held) {
        held.addAll(events);
        return events.size();
      }
    };
  }

  /** Stores nothing any more once PostgreSQL has been away. */
  private static EventArchive stuck(EventArchive honest) {
    AtomicReference<SQLException> first = new AtomicReference<>();
    return events -> {
      if (first.get() != null) {
        throw first.get();
      }
      try {
        return honest.store(events);
      } catch (SQLException e) {
        first.set(e);
        throw e;
      }
    };
  }

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

  private record BroadcastSeam(Defects defects) implements BroadcastServer.Seam {
    /**
     * Each defect affects one of ten events of an item, another one for each defect, so that
     * several do not hide each other.
     */
    @Override
    public Consumer<byte[]> path(Consumer<byte[]> honest) {
      AtomicLong events = new AtomicLong();
      return new Shuffle<>(
          honest,
          event ->
              switch ((int) (events.incrementAndGet() % EVERY)) {
                case 0 -> defects.plant("lost-event", Fate.PASSED, all -> Fate.LOST);
                case 4 -> defects.plant("duplicate-event", Fate.PASSED, all -> Fate.REPEATED);
                case 7 -> defects.plant("events-out-of-order", Fate.PASSED, all -> Fate.SWAPPED);
                default -> Fate.PASSED;
              });
    }

    @Override
    public Delivery<PushMessage> delivery(Delivery<PushMessage> honest) {
      return defects.stopping(honest);
    }
  }
}
