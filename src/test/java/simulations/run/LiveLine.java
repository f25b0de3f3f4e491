package simulations.run;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.ProcessSample;
import kpi.Sample;

/** Prints one line every few seconds. Called by the sampler's thread only. */
final class LiveLine {
  private final double everyS;
  private double nextS;

  LiveLine(Duration every) {
    this.everyS = every.toMillis() / 1e3;
  }

  void onSample(Sample sample) {
    if (isDue(sample.t())) {
      Console.line(words(sample));
    }
  }

  /** Returns true if a line is due at a second of the run, and schedules the next one. */
  boolean isDue(double t) {
    // Half a sample early is better than a whole one late.
    if (t + 0.5 < nextS) {
      return false;
    }
    nextS = t + everyS;
    return true;
  }

  static String words(Sample sample) {
    String load =
        String.format(
            Locale.ROOT,
            "%4.0f s  %-8s %,6d open %,8.0f events/s  %s  gap p99 %s  %,d ok, %,d failed ",
            sample.t(),
            sample.phase(),
            sample.open(),
            sample.eventsPerS(),
            latency(sample),
            ms(sample.percentileMs(Kpi.GAP, 99)),
            sample.ok(),
            sample.failed());
    return sample.processes().entrySet().stream()
        .map(process -> " | " + process.getKey() + cost(process.getValue()))
        .collect(Collectors.joining("", load, ""));
  }

  private static String cost(ProcessSample figures) {
    return figures == null
        ? " no answer"
        : (figures.cpuS() < 0 ? "" : String.format(Locale.ROOT, " %.2f cpu", figures.cpuCores()))
            + (figures.rssBytes() < 0
                ? ""
                : String.format(Locale.ROOT, " %,d MB", figures.rssBytes() / 1_000_000));
  }

  /**
   * The lag of each event if it is known, or the latency of accepted bids, else of first tokens.
   */
  private static String latency(Sample sample) {
    Kpi kpi =
        Stream.of(Kpi.DELIVERY_LAG, Kpi.BROADCAST_LAG, Kpi.BID_DUE, Kpi.BID_ACCEPTED)
            .filter(sample.intervals()::containsKey)
            .findFirst()
            .orElse(Kpi.TTFT);
    return kpi.word().replaceFirst("^(delivery|broadcast)_", "")
        + " p99 "
        + ms(sample.percentileMs(kpi, 99));
  }

  private static String ms(Double value) {
    return value == null ? "     -   " : String.format(Locale.ROOT, "%6.1f ms", value);
  }
}
