package simulations.ticker;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import kpi.Kpi;
import kpi.Tally;
import simulations.run.Clock;
import simulations.run.Recording;
import simulations.run.Slos;

/**
 * The sockets of one stage. Thread-safe.
 *
 * @param recordings that take everything: the phase's, and the stage's own if there are several
 * @param messages of the service
 * @param slos of each socket
 * @param agreement of the clock with those of the publishers, by the lags
 * @param ends of the feeds
 * @param otherFrame the last frame of the first socket whose pongs are others than expected; empty
 *     for none
 * @param steady returns a moment, or the nearest one at which all users of the stage are there
 */
record Sockets(
    List<Recording> recordings,
    Messages messages,
    Slos slos,
    Clock clock,
    Clock.Agreement agreement,
    FeedEnds ends,
    AtomicReference<String> otherFrame,
    LongUnaryOperator steady) {
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

  long nowNs() {
    return recordings.get(0).nowNs();
  }
}
