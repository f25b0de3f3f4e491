package simulations.resilience;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionTargets;
import simulations.run.Recording;

/**
 * Looks every 500 ms how many bids have been accepted and how many are archived. An archive that
 * does not answer delays the next look. At most {@link #LOOKS_MAX} looks.
 */
final class Backlog implements AutoCloseable {
  private static final long LOOK_MS = 500;
  private static final int LOOKS_MAX = 100_000;
  private static final int CLOSE_BOUND_S = 20;

  /**
   * What was found at one moment.
   *
   * @param accepted by then
   * @param archived at that moment or later
   */
  record Look(long atNs, long accepted, long archived) {}

  private final AuctionTargets targets;
  private final AuctionItem item;
  private final Recording recording;
  private final List<Look> looks = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "backlog");
            daemon.setDaemon(true);
            return daemon;
          });

  Backlog(AuctionTargets targets, AuctionItem item, Recording recording) {
    this.targets = targets;
    this.item = item;
    this.recording = recording;
  }

  void start() {
    var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long accepted = recording.counted("bids_accepted");
    try {
      Look look = new Look(recording.nowNs(), accepted, targets.archived(item));
      synchronized (looks) {
        if (looks.size() < LOOKS_MAX) {
          looks.add(look);
        }
      }
    } catch (IOException e) {
      // The archive's store is away; that there is no look is what is to be known.
    }
  }

  List<Look> looks() {
    synchronized (looks) {
      return List.copyOf(looks);
    }
  }

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
