package simulations.live;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import kpi.Kpi;
import kpi.ProcessSample;
import simulations.live.LiveFigures.Moment;

/** The line at the console every few seconds. Used by the sampler's thread only. */
public final class LiveLine {
  private final double everyS;
  private double nextS;

  public LiveLine(Duration every) {
    this.everyS = every.toMillis() / 1e3;
  }

  /** Returns true if a line is due at a second of the run, and schedules the next one. */
  public boolean isDue(double t) {
    // Half a sample early is better than a whole one late.
    if (t + 0.5 < nextS) {
      return false;
    }
    nextS = t + everyS;
    return true;
  }

  public static String words(Moment moment) {
    String load =
        String.format(
            Locale.ROOT,
            "%4.0f s  %-8s %,6d open %,8.0f events/s  %s p99 %s  gap p99 %s  %,d ok, %,d failed ",
            moment.t(),
            moment.phase(),
            moment.open(),
            moment.eventsPerS(),
            moment.latency().word().replaceFirst("^(delivery|broadcast)_", ""),
            p99(moment, moment.latency()),
            p99(moment, Kpi.GAP),
            moment.ok(),
            moment.failed());
    return moment.processes().entrySet().stream()
        .map(process -> " | " + process.getKey() + cost(process.getValue()))
        .collect(Collectors.joining("", load, ""));
  }

  private static String cost(ProcessSample figures) {
    return figures == null
        ? " no answer"
        : (figures.cpuCores() < 0
                ? ""
                : String.format(Locale.ROOT, " %.2f cpu", figures.cpuCores()))
            + (figures.rssBytes() < 0
                ? ""
                : String.format(Locale.ROOT, " %,d MB", figures.rssBytes() / 1_000_000));
  }

  private static String p99(Moment moment, Kpi kpi) {
    return moment.latencies().containsKey(kpi)
        ? String.format(Locale.ROOT, "%6.1f ms", moment.latencies().get(kpi).p99())
        : "     -   ";
  }
}
