package simulations.ticker;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import kpi.Kpi;
import kpi.Tally;
import simulations.run.Recording;
import simulations.run.Slos;

/** The sockets of one stage: their limits, and their recordings. Thread-safe. */
final class Sockets {
  private static final long NS_PER_S = 1_000_000_000L;

  private final List<Recording> recordings;
  private final InstantSource wall;
  private final long rttMaxNs;
  private final long lagMaxNs;

  /**
   * @param recordings that take everything: the phase's, and the stage's own if there are several
   * @param slos of each socket
   * @param wall clock that publishers stamp by
   */
  Sockets(List<Recording> recordings, Slos slos, InstantSource wall) {
    this.recordings = List.copyOf(recordings);
    this.wall = wall;
    this.rttMaxNs = slos.maxNs(Kpi.RTT);
    this.lagMaxNs = slos.maxNs(Kpi.DELIVERY_LAG);
  }

  void record(Kpi kpi, long ns) {
    for (Recording recording : recordings) {
      recording.of(kpi).record(ns);
    }
  }

  void tally(Consumer<Tally> counting) {
    for (Recording recording : recordings) {
      counting.accept(recording.tally());
    }
  }

  /** Returns true for the largest round trip and lag of a good socket. */
  boolean isGood(long largestRttNs, long largestLagNs) {
    return largestRttNs <= rttMaxNs && largestLagNs <= lagMaxNs;
  }

  long nowNs() {
    return recordings.get(0).nowNs();
  }

  /** Returns the time in nanoseconds since 1970. */
  long unixNs() {
    Instant now = wall.instant();
    return now.getEpochSecond() * NS_PER_S + now.getNano();
  }
}
