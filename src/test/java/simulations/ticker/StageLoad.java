package simulations.ticker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Percentiles;
import kpi.Phase;
import kpi.Recorders;
import kpi.SocketLoss;
import kpi.Stages;
import kpi.Tally;
import simulations.run.Arrivals;

/** One stage: when its users come, and what only they saw. Thread-safe but for the results. */
public final class StageLoad {
  /** What is told of each stage, also if it is 0. */
  private static final List<String> COUNTERS =
      List.of(
          "streams_started",
          "sockets_connected",
          "sockets_survived",
          "pings_sent",
          "pongs_received",
          "broadcasts_received",
          "broadcasts_lost");

  private final TickerStage stage;
  private final Arrivals arrivals;
  private final SocketRecorder.Shared shared;
  private final Book own;

  /**
   * @param stage that it is
   * @param arrivals of its users
   * @param shared what its sockets are written down in
   * @param own the book of this stage alone
   */
  StageLoad(TickerStage stage, Arrivals arrivals, SocketRecorder.Shared shared, Book own) {
    this.stage = stage;
    this.arrivals = arrivals;
    this.shared = shared;
    this.own = own;
  }

  /** An empty book for a stage. */
  static Book book() {
    return new Book(new Recorders(), new Tally(), Phase.MEASURE);
  }

  /** What was planned. */
  TickerStage stage() {
    return stage;
  }

  /** The schedule by which its users come. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** A socket that is about to be asked for. */
  SocketRecorder socket(long intendedNs) {
    return new SocketRecorder(shared, intendedNs);
  }

  /** Its latencies, by their names in the run; when its users have gone, for one thread. */
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

  /** Its shares of good sockets, by their names in the run. */
  Map<String, Figure> figures() {
    Map<String, Figure> all = new LinkedHashMap<>();
    long ended = own.tally().ended();
    if (ended > 0) {
      double ok = 100.0 * own.tally().ended(Outcome.OK) / ended;
      double good = 100.0 * counted("streams_good") / ended;
      all.put(name(Kpi.SUCCESS_RATE.word()), Figure.of(Kpi.SUCCESS_RATE, ok));
      all.put(name(Kpi.GOODPUT.word()), Figure.of(Kpi.GOODPUT, good));
    }
    return all;
  }

  /** Its counts, by their names in the run. */
  Map<String, Long> counters() {
    Map<String, Long> all = new LinkedHashMap<>();
    COUNTERS.forEach(counter -> all.put(name(counter), counted(counter)));
    for (SocketLoss loss : SocketLoss.values()) {
      if (counted(loss.counter()) > 0) {
        all.put(name(loss.counter()), counted(loss.counter()));
      }
    }
    return all;
  }

  private long counted(String counter) {
    return own.tally().counters().getOrDefault(counter, 0L);
  }

  private String name(String figure) {
    return Stages.prefix(stage.name()) + figure;
  }
}
