package simulations.resilience;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionTargets;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;

/**
 * Looks every 500 ms how many bids are archived. An archive that does not answer delays the next
 * look. At most {@link #LOOKS_MAX} looks.
 */
final class Backlog implements AutoCloseable {
  private static final long LOOK_MS = 500;
  private static final int LOOKS_MAX = 100_000;
  private static final int CLOSE_BOUND_S = 20;

  private static final long SECOND_NS = 1_000_000_000;

  private final AuctionTargets targets;
  private final AuctionItem item;
  private final LongSupplier nanoClock;
  private final List<Look> looks = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("backlog", true));

  Backlog(AuctionTargets targets, AuctionItem item, LongSupplier nanoClock) {
    this.targets = targets;
    this.item = item;
    this.nanoClock = nanoClock;
  }

  void start() {
    var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      long archived = targets.archived(item);
      Look look = new Look(nanoClock.getAsLong(), archived);
      synchronized (looks) {
        if (looks.size() < LOOKS_MAX) {
          looks.add(look);
        }
      }
    } catch (IOException e) {
      // The archive's store is away; that there is no look is what is to be known.
    }
  }

  /** Returns the first look after a moment that found the archive a second behind or less. */
  OptionalLong drainedNs(long fromNs) {
    synchronized (looks) {
      return drainedNs(looks, item.operations(), fromNs);
    }
  }

  static OptionalLong drainedNs(List<Look> looks, List<BidOperation> operations, long fromNs) {
    return looks.stream()
        .filter(look -> look.atNs >= fromNs)
        .filter(look -> look.archived >= accepted(operations, look.atNs - SECOND_NS))
        .mapToLong(Look::atNs)
        .findFirst();
  }

  private static long accepted(List<BidOperation> operations, long untilNs) {
    return operations.stream()
        .filter(each -> each instanceof Accepted && each.returnNs() <= untilNs)
        .count();
  }

  /** The number of archived bids that was found until a moment in monotonic nanoseconds. */
  record Look(long atNs, long archived) {}

  /** Looks for the last time, and ends. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      var unused = thread.awaitTermination(CLOSE_BOUND_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    look();
  }
}
