package report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.HistogramLogs;
import kpi.JsonFile;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Manifest;
import kpi.RunFolder;
import kpi.SampleLog;
import kpi.Seconds;
import kpi.UnusableFile;
import org.HdrHistogram.Histogram;
import verdict.Baseline;
import verdict.Check;
import verdict.Comparison;
import verdict.Numbers;
import verdict.Verdict;

/**
 * The files of a run that could be read. Only the manifest is required: a run that was cut short
 * leaves others out or half written, and its report is then needed most.
 *
 * @param kpi what was measured; empty if kpi.json cannot be read
 * @param faults moments of faults, such as {@code broadcast kill: struck}
 * @param histograms latencies in nanoseconds by KPI, all measured intervals added up
 */
record RunFiles(
    Manifest manifest,
    KpiReport kpi,
    Optional<Verdict> verdict,
    Optional<Comparison> comparison,
    Optional<Baseline> baseline,
    Samples samples,
    Seconds.Judged seconds,
    Map<String, Histogram> histograms,
    List<Chart.Phase> faults,
    List<String> files,
    List<Missing> missing) {
  private static final String LOGS = "*.measure.hlog";

  /**
   * Something of a run folder that cannot be shown.
   *
   * @param why what is wrong with it and what the report lacks, in sentences
   */
  record Missing(String file, String why) {}

  static RunFiles read(Path folder) throws IOException, UnusableFile {
    return new Reader(folder, new ArrayList<>(), new ArrayList<>()).read();
  }

  /** Returns the check of a name, if there is one. */
  Optional<Check> check(String name) {
    return checks().stream().filter(check -> check.name().equals(name)).findFirst();
  }

  List<Check> checks() {
    return verdict.map(Verdict::checks).orElse(List.of());
  }

  /** Reads the files of a folder, and keeps the names of those that it read. */
  private record Reader(Path path, List<String> files, List<Missing> missing) {
    RunFiles read() throws IOException, UnusableFile {
      Manifest manifest = RunFolder.existing(path).read(Manifest.FILE, Manifest.class);
      files.add(Manifest.FILE);
      KpiReport kpi =
          file(true, "kpi.json", KpiReport.class, "There are no figures to show.")
              .orElse(
                  new KpiReport(
                      JsonFile.SCHEMA,
                      "",
                      "",
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      Map.of()));
      String unjudged = "The run was not judged; its figures prove nothing.";
      Optional<Verdict> verdict = file(true, "verdict.json", Verdict.class, unjudged);
      boolean compared =
          verdict.stream()
              .flatMap(one -> one.checks().stream())
              .anyMatch(check -> check.kind() == Check.Kind.BASELINE);
      String unseen = "Changes since the baseline are not shown.";
      Optional<Comparison> comparison = file(compared, "comparison.json", Comparison.class, unseen);
      boolean made = comparison.filter(Comparison::made).isPresent();
      String undrawn = "The baseline's latency distributions cannot be drawn.";
      Optional<Baseline> baseline = file(made, "baseline.json", Baseline.class, undrawn);
      boolean counted = kpi.figures().containsKey(Kpi.GOOD_SECONDS.word());
      Optional<Seconds.Judged> seconds =
          file(counted, Seconds.FILE, Seconds.Judged.class, "Bad seconds cannot be named.");
      return new RunFiles(
          manifest,
          kpi,
          verdict,
          comparison,
          baseline,
          samples(manifest),
          seconds.orElse(Seconds.NONE),
          histograms(),
          faults(),
          files,
          missing);
    }

    private <T> Optional<T> file(boolean expected, String name, Class<T> type, String loss) {
      if (!Files.isRegularFile(path.resolve(name))) {
        if (expected || Files.exists(path.resolve(name))) {
          missing(name, "The file was not written. " + loss);
        }
        return Optional.empty();
      }
      try {
        T content = RunFolder.existing(path).read(name, type);
        files.add(name);
        return Optional.of(content);
      } catch (UnusableFile e) {
        // Its message has a path of this machine, which a report should not carry elsewhere.
        missing(name, "The file is broken or of another version. " + loss);
        return Optional.empty();
      }
    }

    private void missing(String file, String why) {
      missing.add(new Missing(file, why));
    }

    private Samples samples(Manifest manifest) throws IOException {
      String name = SampleLog.FILE;
      if (!Files.isRegularFile(path.resolve(name))) {
        missing(name, "The file was not written. Nothing can be shown over time.");
        return Samples.of(List.of(), manifest.processes());
      }
      SampleLog.Content content = SampleLog.read(path);
      int broken = content.broken();
      if (broken > 0) {
        String lines = broken == 1 ? "1 line is" : Numbers.count(broken) + " lines are";
        missing(name, lines + " broken and left out, as after a crash or a full disk.");
      }
      if (content.lines().isEmpty()) {
        missing(name, "The file has no samples. Nothing can be shown over time.");
      } else {
        files.add(name);
      }
      return Samples.of(content.lines(), manifest.processes());
    }

    private List<Chart.Phase> faults() throws IOException {
      if (!Files.isRegularFile(path.resolve(SampleLog.FAULTS))) {
        return List.of();
      }
      files.add(SampleLog.FAULTS);
      return SampleLog.read(path, SampleLog.FAULTS).lines().stream()
          .map(
              line -> {
                double t = line.path("t").asDouble();
                String fault = line.path("whom").asText() + " " + line.path("what").asText();
                String moment = line.path("moment").asText().replace('_', ' ');
                return new Chart.Phase(fault + ": " + moment, t - 1, t, false);
              })
          .toList();
    }

    private Map<String, Histogram> histograms() throws IOException {
      HistogramLogs.Measured measured = HistogramLogs.read(path);
      if (measured.files() == 0) {
        missing(LOGS, "No latency histogram was written. No distribution can be shown.");
      }
      String why = "The log is broken; its whole intervals before the break are shown.";
      measured.broken().forEach(name -> missing(name, why));
      if (!measured.histograms().isEmpty()) {
        files.add("*.hlog");
      }
      return measured.histograms();
    }
  }
}
