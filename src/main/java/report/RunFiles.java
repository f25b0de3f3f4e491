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
    List<String> files,
    List<Missing> missing) {
  private static final String COMPARISON = "comparison.json";
  private static final String BASELINE = "baseline.json";
  private static final String LOGS = "*.measure.hlog";

  /**
   * Something of a run folder that cannot be shown.
   *
   * @param why what is wrong with it and what the report lacks, in sentences
   */
  record Missing(String file, String why) {}

  static RunFiles read(Path folder) throws IOException, UnusableFile {
    return new Reader(folder).read();
  }

  /** Returns the check of a name, if there is one. */
  Optional<Check> check(String name) {
    return checks().stream().filter(check -> check.name().equals(name)).findFirst();
  }

  List<Check> checks() {
    return verdict.map(Verdict::checks).orElse(List.of());
  }

  private static final class Reader {
    private final Path path;
    private final RunFolder folder;
    private final List<String> files = new ArrayList<>();
    private final List<Missing> missing = new ArrayList<>();

    Reader(Path path) {
      this.path = path;
      this.folder = RunFolder.existing(path);
    }

    RunFiles read() throws IOException, UnusableFile {
      Manifest manifest = folder.read(Manifest.FILE, Manifest.class);
      files.add(Manifest.FILE);
      Optional<KpiReport> kpi = file("kpi.json", KpiReport.class, "There are no figures to show.");
      Optional<Verdict> verdict =
          file("verdict.json", Verdict.class, "The run was not judged; its figures prove nothing.");
      boolean judged =
          verdict.stream()
              .flatMap(one -> one.checks().stream())
              .anyMatch(check -> check.kind() == Check.Kind.BASELINE);
      Optional<Comparison> comparison =
          file(judged, COMPARISON, Comparison.class, "Changes since the baseline are not shown.");
      Optional<Baseline> baseline =
          file(
              comparison.filter(Comparison::made).isPresent(),
              BASELINE,
              Baseline.class,
              "The baseline's latency distributions cannot be drawn.");
      boolean counted =
          kpi.stream().anyMatch(one -> one.figures().containsKey(Kpi.GOOD_SECONDS.word()));
      Optional<Seconds.Judged> seconds =
          file(counted, Seconds.FILE, Seconds.Judged.class, "Bad seconds cannot be named.");
      Samples samples = samples(manifest);
      Map<String, Histogram> histograms = histograms();
      KpiReport measured =
          kpi.orElse(
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
                  Map.of()));
      return new RunFiles(
          manifest,
          measured,
          verdict,
          comparison,
          baseline,
          samples,
          seconds.orElse(Seconds.NONE),
          histograms,
          files,
          missing);
    }

    private <T> Optional<T> file(boolean expected, String name, Class<T> type, String loss) {
      return expected || Files.exists(path.resolve(name))
          ? file(name, type, loss)
          : Optional.empty();
    }

    private <T> Optional<T> file(String name, Class<T> type, String loss) {
      if (!Files.isRegularFile(path.resolve(name))) {
        missing(name, "The file was not written. " + loss);
        return Optional.empty();
      }
      try {
        T content = folder.read(name, type);
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
      if (!Files.isRegularFile(path.resolve(SampleLog.FILE))) {
        missing(SampleLog.FILE, "The file was not written. Nothing can be shown over time.");
        return Samples.of(List.of(), manifest.processes());
      }
      SampleLog.Content content = SampleLog.read(path);
      int broken = content.broken();
      if (broken > 0) {
        String lines = broken == 1 ? "1 line is" : Numbers.count(broken) + " lines are";
        missing(SampleLog.FILE, lines + " broken and left out, as after a crash or a full disk.");
      }
      if (content.lines().isEmpty()) {
        missing(SampleLog.FILE, "The file has no samples. Nothing can be shown over time.");
      } else {
        files.add(SampleLog.FILE);
      }
      return Samples.of(content.lines(), manifest.processes());
    }

    private Map<String, Histogram> histograms() throws IOException {
      HistogramLogs.Measured measured = HistogramLogs.read(path);
      if (measured.files() == 0) {
        missing(LOGS, "No latency histogram was written. No distribution can be shown.");
      }
      measured
          .broken()
          .forEach(
              name ->
                  missing(
                      name, "The log is broken; its whole intervals before the break are shown."));
      if (!measured.histograms().isEmpty()) {
        files.add("*.hlog");
      }
      return measured.histograms();
    }
  }
}
