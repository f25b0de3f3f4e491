package gauntlet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import kpi.JsonFile;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Manifest;
import kpi.Merge;
import kpi.MergedReport;
import kpi.Percentiles;
import kpi.RunFolder;
import kpi.Timeline;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import settings.Setting;
import settings.SettingsReader;
import verdict.Criteria;
import verdict.Criteria.Judgement;
import verdict.Generators;
import verdict.RunRecord;
import verdict.Verdict;

/** {@code merge <run>...}: makes one run of those of several generators, and judges it. */
@Command(
    name = "merge",
    description = {
      "Merges the runs of the generators of one load (-Dshard=0/4 and so on) into one.",
      "Histograms, counters and rates are added up; thresholds are judged over all, and validity"
          + " for each generator too. One that is missing or was late makes the run INVALID."
    })
final class MergeCommand implements Callable<Integer> {
  /** Figures of each generator in the report, by name. */
  private static final List<String> COUNTERS =
      List.of("streams_started", "outcome_ok", "events_received");

  private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description = "Run folders, one of each generator, such as target/runs/*/*.shard-*")
  private List<Path> folders;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      defaultValue = "target/runs",
      description = "Holds the merged run (default: ${DEFAULT-VALUE})")
  private Path outputFolder;

  @Spec
  void declare(CommandSpec own) {
    spec = own;
    SettingOptions.add(spec, Setting.of(CriteriaOptions.class));
  }

  @Override
  public Integer call() throws UnusableFile {
    Generators generators = Generators.read(folders);
    SettingsReader reader = SettingOptions.reader(spec, Setting.of(CriteriaOptions.class));
    CriteriaOptions options = reader.read(CriteriaOptions.class);
    RunRecord first = generators.runs().get(0);
    Criteria criteria = options.read(reader, first);
    RunFolder into;
    try {
      into =
          RunFolder.create(
              outputFolder, first.simulation(), first.profile(), Instant.now(), ".merged");
      write(generators, into);
    } catch (IOException e) {
      throw Main.unwritable(outputFolder, e);
    }
    RunRecord run = RunRecord.read(into.path());
    Judgement judgement = criteria.judge(run, options.baselines());
    VerdictCommand.write(run, judgement, options.baselines());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s.%s, %d generators, %d of them judged%n%n",
        run.simulation(), run.profile(), generators.count(), generators.runs().size());
    judgement.verdict().lines().forEach(out::println);
    out.printf("%nWritten to %s, with report.html, junit.xml and summary.md.%n", into.path());
    return ExitCode.of(judgement.verdict().binding());
  }

  private static void write(Generators generators, RunFolder into) throws IOException {
    List<RunRecord> runs = generators.runs();
    Map<Path, Manifest> from = new LinkedHashMap<>();
    runs.forEach(run -> from.put(run.folder(), run.manifest()));
    Merge merge = new Merge(from, into);
    List<KpiReport> parts = runs.stream().map(RunRecord::report).toList();
    KpiReport report = MergedReport.of(parts, merge.logs(), merge.seconds());
    merge.samples();
    into.writeJson("kpi.json", report);
    into.writeJson(Manifest.FILE, manifest(generators, merge.before()));
    into.writeJson("verdict.json", Verdict.of(generators.checks(report)));
  }

  /** The first generator's, which has all that the others have in common with it. */
  private static ObjectNode manifest(Generators generators, int beforeS) {
    List<RunRecord> runs = generators.runs();
    Manifest like = runs.get(0).manifest();
    double laterS = beforeS - like.share().measuredFromS();
    Stream<Timeline.Span> phases =
        like.phases().stream()
            .map(
                span ->
                    new Timeline.Span(
                        span.name(),
                        Math.max(0, span.startS() + laterS),
                        Math.max(0, span.endS() + laterS)));
    Map<String, String> settings = new TreeMap<>(like.settings());
    settings.put("generators", Integer.toString(generators.count()));
    Stream<String> injectors =
        runs.stream().map(run -> Merge.injector(run.manifest().share().index()));
    Stream<String> others =
        like.processes().stream().filter(name -> !name.equals(KpiReport.INJECTOR));
    ObjectNode merged = JsonFile.MAPPER.valueToTree(like);
    return merged
        .put("sentence", generators.count() + " generators: " + like.sentence())
        .put("started", runs.stream().map(RunRecord::started).min(String::compareTo).orElseThrow())
        .putPOJO("settings", settings)
        .putPOJO("phases", phases.toList())
        .putPOJO("processes", Stream.concat(injectors, others).toList())
        .put("gatling_report", "")
        .put("metrics", "")
        .putNull("share")
        .putPOJO("generators", runs.stream().map(MergeCommand::generator).toList());
  }

  private static Manifest.Generator generator(RunRecord run) {
    KpiReport report = run.report();
    Map<String, Double> figures = new LinkedHashMap<>();
    COUNTERS.forEach(name -> figures.put(name, (double) report.counter(name)));
    for (Kpi kpi : List.of(Kpi.START_LAG, Kpi.GENERATOR_LAG)) {
      Percentiles lag = report.kpis().get(kpi.word());
      if (lag != null && lag.max() != null) {
        figures.put(kpi.word() + ".max", lag.max());
      }
    }
    for (Kpi kpi : List.of(Kpi.CPU_CORES, Kpi.RSS_MAX)) {
      Stream.ofNullable(report.figures().get(kpi.of(KpiReport.INJECTOR)))
          .forEach(figure -> figures.put(kpi.word(), figure.value()));
    }
    return new Manifest.Generator(
        run.manifest().share(),
        run.folder().toString(),
        run.verdict().verdict().name(),
        run.verdict().sentence(),
        figures);
  }
}
