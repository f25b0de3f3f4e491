package report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import verdict.Numbers;

/**
 * The samples of the processes.
 *
 * @param names of the processes, as the manifest orders them
 */
record ProcessSamples(Timeline time, List<String> names) {
  static ProcessSamples of(RunFolder run, Timeline time) {
    Set<String> names = new LinkedHashSet<>();
    run.manifest().path("processes").forEach(name -> names.add(name.asText()));
    time.samples().forEach(s -> s.path("processes").fieldNames().forEachRemaining(names::add));
    return new ProcessSamples(time, List.copyOf(names));
  }

  /**
   * A figure of each process that has it.
   *
   * @param unit what the samples are divided by
   */
  List<Chart.Series> series(String key, double unit) {
    List<Chart.Series> all = new ArrayList<>();
    for (String process : names) {
      List<Double> values =
          time.values(sample -> sample.path("processes").path(process).path(key)).stream()
              // Unknown figures are negative by the samples' convention.
              .map(value -> value == null || value < 0 ? null : Double.valueOf(value / unit))
              .collect(Collectors.toList());
      all.addAll(time.series(process, "plain", values));
    }
    return all;
  }

  /** Who did not answer, and for how long, in sentences; empty if all answered always. */
  String silence() {
    StringBuilder silence = new StringBuilder();
    for (String process : names) {
      long silent =
          time.samples().stream().filter(s -> s.path("processes").path(process).isNull()).count();
      if (silent > 0) {
        silence.append(
            String.format(" %s did not answer for %s s.", process, Numbers.count(silent)));
      }
    }
    return silence.toString();
  }
}
