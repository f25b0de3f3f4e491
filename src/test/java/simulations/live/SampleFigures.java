package simulations.live;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.ProcessSample;
import kpi.Recorders;
import kpi.Sample;
import kpi.Tally;
import org.HdrHistogram.Histogram;
import simulations.live.LiveFigures.Moment;
import simulations.live.LiveFigures.Recorded;
import simulations.live.LiveFigures.SoFar;
import verdict.Check;
import verdict.Verdict;

/**
 * Figures of a run in which 2,000 tokens came, 1 to 2,000 µs apart, and one stream of 41 failed.
 */
final class SampleFigures {
  private static final String SIMULATION = "SseBattleSimulation";

  private SampleFigures() {}

  /** Returns them at a second of the run. */
  static LiveFigures at(double t) {
    return of(t, "smoke", "Measured.", false);
  }

  static LiveFigures of(double t, String profile, String reason, boolean ended) {
    Recorders recorders = new Recorders();
    Tally tally = new Tally();
    Distribution gaps = recorders.of(Phase.MEASURE, Kpi.GAP);
    for (int us = 1; us <= 2_000; us++) {
      gaps.record(us * 1_000L);
      tally.event();
    }
    for (int stream = 0; stream <= 40; stream++) {
      tally.start(0);
      tally.end(stream == 0 ? Outcome.RESET : Outcome.OK, 1);
    }
    Map<Kpi, Histogram> intervals = new EnumMap<>(Kpi.class);
    intervals.put(Kpi.GAP, gaps.rotate());
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    processes.put("injector", new ProcessSample(9, 0.25, 64_000_000, 1, 0, 9, 9, 0, 1, 1, 1));
    processes.put("proxy", null);
    Verdict verdict =
        Verdict.of(
            List.of(
                Check.validity("gc_pause", true, "1 ms", "<= 250 ms", reason),
                Check.invariant("no_token_lost", !ended, "3 tokens", "none", reason)));
    return new LiveFigures(
        new LiveFigures.Run(SIMULATION, profile, "target/runs/x/one", "100 clients.", 60),
        Moment.of(new Sample(t, "hold", 2_000.5, 2_000, 41, 7, 40, 1, intervals, processes)),
        12,
        20.0,
        Map.of(Phase.MEASURE, Recorded.of(Phase.MEASURE, recorders, tally)),
        Map.of(
            "success_rate", Figure.of(Kpi.SUCCESS_RATE, 97.5),
            "llm.rss_max", Figure.of(Kpi.RSS_MAX, 155),
            "stage_100.rtt", Figure.of(Kpi.KNEE, 1)),
        SoFar.of(verdict),
        ended);
  }
}
