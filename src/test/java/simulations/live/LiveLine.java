package simulations.live;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.ProcessSample;
import kpi.Sample;
import simulations.live.LiveFigures.Moment;

/** The line at the console every few seconds. Used by the sampler's thread only. */
public final class LiveLine {
  private final double everyS;
  private final Set<Kpi> columns = new LinkedHashSet<>();
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

  /** Returns the line of a moment: p99 of what the run has shown so far, and of no other KPI. */
  public String words(Moment moment) {
    columns.addAll(
        Stream.of(moment.latency(), Kpi.GAP).filter(moment.latencies()::containsKey).toList());
    Sample sample = moment.sample();
    String load =
        String.format(
            Locale.ROOT,
            "%4.0f s  %-8s %,6d open %,8.0f events/s  %s%,d ok, %,d failed ",
            sample.t(),
            sample.phase(),
            sample.open(),
            sample.eventsPerS(),
            columns.stream().map(kpi -> p99(moment, kpi)).collect(Collectors.joining()),
            sample.ok(),
            sample.failed());
    return sample.processes().entrySet().stream()
        .map(process -> " | " + process.getKey() + cost(process.getValue()))
        .collect(Collectors.joining("", load, ""));
  }

  private static String cost(ProcessSample figures) {
    if (figures == null) {
      return " no answer";
    }
    String cpu = String.format(Locale.ROOT, " %.2f cpu", figures.cpuCores());
    String memory = String.format(Locale.ROOT, " %,d MB", figures.rssBytes() / 1_000_000);
    return (figures.cpuCores() < 0 ? "" : cpu) + (figures.rssBytes() < 0 ? "" : memory);
  }

  private static String p99(Moment moment, Kpi kpi) {
    String value =
        moment.latencies().containsKey(kpi)
            ? String.format(Locale.ROOT, "%6.1f ms", moment.latencies().get(kpi).p99())
            : "     -   ";
    return kpi.word().replaceFirst("^(delivery|broadcast)_", "") + " p99 " + value + "  ";
  }
}
