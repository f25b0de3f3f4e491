package simulations.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import simulations.auction.AuctionRecorder;

/**
 * One viewer over all its connections: when one is lost, the next is requested after a random wait
 * that may be twice as long with each attempt (full jitter). Thread-safe.
 */
final class Seat {
  private final ResilienceSettings.Reconnecting again;
  private final SplittableRandom random;
  private final List<AuctionRecorder> connections = new ArrayList<>();
  private int lost;
  private boolean left;

  Seat(ResilienceSettings.Reconnecting again, SplittableRandom random) {
    this.again = again;
    this.random = random;
  }

  /** Returns the time until the next connection is requested; 0 for the first. */
  synchronized Duration waits() {
    if (connections.isEmpty()) {
      return Duration.ZERO;
    }
    double bound = again.first().toNanos() * Math.pow(2, Math.max(0, lost - 1));
    return Duration.ofNanos(
        (long) (random.nextDouble() * Math.min(bound, (double) again.most().toNanos())));
  }

  /** A connection has ended; one that had been made begins the waits anew. */
  synchronized void ended(AuctionRecorder connection) {
    connections.add(connection);
    lost = connection.isConnected() ? 1 : lost + 1;
    left = connection.survived();
  }

  /** Returns true if the viewer ended its last connection itself. */
  synchronized boolean hasLeft() {
    return left;
  }

  /** Returns every connection that was requested, in order. */
  synchronized List<AuctionRecorder> connections() {
    return List.copyOf(connections);
  }
}
