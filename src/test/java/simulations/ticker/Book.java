package simulations.ticker;

import kpi.Kpi;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;

/**
 * Where sockets are written down: that of the run, and that of their stage. Thread-safe.
 *
 * @param recorders take the latencies
 * @param tally takes the counts
 * @param phase what is recorded
 */
record Book(Recorders recorders, Tally tally, Phase phase) {
  void record(Kpi kpi, long ns) {
    recorders.of(phase, kpi).record(ns);
  }
}
