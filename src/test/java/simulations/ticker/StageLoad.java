package simulations.ticker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Percentiles;
import kpi.SocketLoss;
import kpi.Stages;
import kpi.Tally;
import simulations.run.Arrivals;
import simulations.run.Recording;

/**
 * The load of one of several stages, with figures of its own.
 *
 * @param own recording of this stage alone
 */
record StageLoad(TickerStage stage, Arrivals arrivals, Sockets sockets, Recording own) {
  /** Counters that are reported for each stage, also if they are 0. */
  private static final List<String> COUNTERS =
      List.of(
          "streams_started",
          "sockets_connected",
          "sockets_survived",
          "pings_sent",
          "pongs_received",
          "broadcasts_received",
          "broadcasts_lost");

  Map<String, Percentiles> distributions() {
    Map<String, Percentiles> all = new LinkedHashMap<>();
    own.recorders()
        .of(own.phase())
        .forEach(
            (kpi, values) -> {
              values.rotate();
              all.put(name(kpi.word()), Percentiles.of(kpi, values.total()));
            });
    return all;
  }

  Map<String, Figure> figures() {
    Tally tally = own.tally();
    if (tally.ended() == 0) {
      return Map.of();
    }
    double ok = 100.0 * tally.ended(Outcome.OK) / tally.ended();
    return new TreeMap<>(
        Map.of(
            name(Kpi.SUCCESS_RATE.word()), Figure.of(Kpi.SUCCESS_RATE, ok),
            name(Kpi.GOODPUT.word()), own.goodput()));
  }

  Map<String, Long> counters() {
    Map<String, Long> all = new LinkedHashMap<>();
    COUNTERS.forEach(counter -> all.put(name(counter), own.counted(counter)));
    for (SocketLoss loss : SocketLoss.values()) {
      if (own.counted(loss.counter()) > 0) {
        all.put(name(loss.counter()), own.counted(loss.counter()));
      }
    }
    return all;
  }

  private String name(String figure) {
    return Stages.prefix(stage.name()) + figure;
  }
}
