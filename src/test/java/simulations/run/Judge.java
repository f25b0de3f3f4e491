package simulations.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import kpi.Distribution;
import kpi.Figure;
import kpi.JsonFile;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.MachineUse;
import kpi.Percentiles;
import kpi.Phase;
import kpi.Seconds;
import kpi.UnusableFile;
import report.Report;
import simulations.run.Checks.Finding;
import verdict.Baselines;
import verdict.Check;
import verdict.Check.Outcome;
import verdict.Comparison;
import verdict.Criteria;
import verdict.Criteria.Judgement;
import verdict.Numbers;
import verdict.Recorded;
import verdict.RunRecord;
import verdict.Threshold;
import verdict.Validity;
import verdict.Verdict;

/** The last part of a run: settle, reconcile, judge, write. Runs once, on one thread. */
record Judge(Run run, Load load, Audit audit) {
  /** What a target does not yet or no longer count as open is under way to it or from it. */
  private static final double STRANGE_PCT = 25;

  /** The checks that hold totals of one thing against each other. */
  private static final Set<String> AT_REST =
      Set.of("figures_ordered", "samples_recorded", "streams_accounted", "littles_law");

  private static final String UNRESTED = "Totals are compared when nothing is under way any more.";

  /** The checks of validity that need no totals and no plan. */
  private static final Set<String> AT_ANY_TIME =
      Set.of("start_lag", "generator_lag", "generator_stall", "gc_pause", "gc_share");

  /** Outcomes of checks that have too few values so far, or none before the end. */
  private static final Set<Outcome> UNKNOWN_SO_FAR =
      Set.of(Outcome.INCONCLUSIVE, Outcome.NOT_EVALUATED);

  Judgement judge() {
    double measuredToS = run.timeline().nowS();
    MachineUse machineTo = MachineUse.now();
    audit.settle();
    if (run.goesOn()) {
      run.processes().readHeapsAfter().join();
    }
    run.sampler().close();
    Seconds.Judged seconds = run.seconds.judge(run.measuredFromS(), measuredToS);
    RunFigures figures =
        new RunFigures(run, load.level(run.timeline().spans()), measuredToS, machineTo);
    KpiReport report = report(figures, seconds);
    Checks checks = checks(of(Trouble.Kind.CUT).isPresent());
    check(report, figures, checks);
    report.shared().putAll(checks.shared());
    return write(report, seconds, checks);
  }

  /**
   * Judges what there is while the run goes on, from which a killed run can be reported; only on
   * the sampler's thread. What is under way is not reconciled.
   */
  Judgement soFar() {
    double nowS = run.timeline().nowS();
    Seconds.Judged seconds = run.seconds.judge(run.measuredFromS(), nowS);
    RunFigures figures =
        new RunFigures(run, load.level(run.timeline().spans()), nowS, MachineUse.now());
    KpiReport report = report(figures, seconds);
    Checks checks = checks(false);
    String after = "after " + Numbers.words(figures.measuredS(), "s");
    String reason = "The run went on when this was written; if it has ended since, it was killed.";
    Finding open = new Finding(Outcome.INCONCLUSIVE, after, "completed", reason);
    checks.validity("run_completed").judge(() -> open);
    checks.add(
        Validity.check(report, run.common.bounds(), run.common.thresholdsAndSlos()).stream()
            .map(each -> AT_REST.contains(each.name()) ? each.notEvaluated(UNRESTED) : each)
            .toList());
    return write(report, seconds, checks);
  }

  /** A run so far, without anything that takes time or a pause. */
  record Glance(KpiReport report, Verdict verdict) {}

  /**
   * Judges what is known at any time: thresholds on distributions and on the run's own figures, and
   * whether the generator is on time. Writes nothing; only on the sampler's thread.
   */
  Glance glance() {
    double nowS = run.timeline().nowS();
    Recording recording = run.recording(Phase.MEASURE);
    Map<String, Figure> figures =
        new RunFigures(run, List.of(), nowS, MachineUse.UNKNOWN).atAnyTime();
    Map<String, Long> counters = recording.tally().counters();
    if (counters.containsKey(Recording.GOOD)) {
      figures.putAll(recording.goodput());
    }
    put(run.seconds.judge(run.measuredFromS(), nowS), figures);
    figures.keySet().removeAll(load.unchecked().keySet());
    CommonSettings common = run.common;
    KpiReport report =
        new KpiReport(
            JsonFile.SCHEMA,
            common.simulation(),
            common.profile(),
            distributions(counters),
            figures,
            counters,
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of());
    List<Check> checks = new ArrayList<>(Threshold.check(common.thresholds(), report));
    Validity.check(report, common.bounds(), common.thresholdsAndSlos()).stream()
        .filter(check -> AT_ANY_TIME.contains(check.name()) && !check.figure().equals("none"))
        .forEach(checks::add);
    checks.removeIf(check -> UNKNOWN_SO_FAR.contains(check.outcome()));
    return new Glance(report, Verdict.of(checks));
  }

  private Judgement write(KpiReport report, Seconds.Judged seconds, Checks checks) {
    try {
      // What is judged is what the folder says, so that the run can be judged again from it.
      run.folder().writeJson("kpi.json", report);
      run.folder().writeJson(Seconds.FILE, seconds);
      run.folder().writeJson("verdict.json", Verdict.of(checks.made()));
      ManifestFile.write(run);
      Judgement judgement = judgement();
      run.folder().writeJson("verdict.json", judgement.verdict());
      run.folder().writeJson("comparison.json", judgement.comparison());
      Report.write(run.folder().path());
      return judgement;
    } catch (IOException | UnusableFile e) {
      Console.error("No verdict can be given: " + e);
      String reason = "The run folder cannot be written.";
      Check written = Check.validity("written", false, "not written", "written", reason);
      return new Judgement(report, Verdict.of(List.of(written)), Comparison.none("No verdict."));
    }
  }

  private Judgement judgement() throws IOException, UnusableFile {
    CommonSettings common = run.common;
    Criteria criteria =
        new Criteria(
            common.thresholds(),
            common.rules(),
            common.choices().thresholdPct(),
            common.choices().failOnRegression());
    RunRecord record = RunRecord.read(run.folder().path());
    Baselines baselines = common.baselines();
    if (common.shard().isPart()) {
      return criteria.judge(
          record, "This is a share of a load; merge the runs of all generators to compare it.");
    }
    try {
      Judgement judgement = criteria.judge(record, baselines);
      if (judgement.comparison().made()) {
        Files.copy(
            baselines.file(record.simulation(), record.profile()),
            run.folder().path().resolve("baseline.json"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      return judgement;
    } catch (UnusableFile e) {
      return criteria.judge(record, e.getMessage());
    }
  }

  private KpiReport report(RunFigures figures, Seconds.Judged seconds) {
    Map<String, Long> counters = new TreeMap<>(run.recording(Phase.MEASURE).tally().counters());
    Map<String, Percentiles> kpis = distributions(counters);
    kpis.putAll(load.distributions());
    Map<String, Figure> all = new LinkedHashMap<>(figures.all());
    put(seconds, all);
    all.putAll(load.figures(figures.levelS()));
    all.keySet().removeAll(load.unchecked().keySet());
    counters.putAll(load.counters());
    if (!load.begins().isEmpty()) {
      counters.put(Recorded.BEGUN, run.gatling.begun(load.begins()));
    }
    counters.put(Recorded.ACTIVE, (long) run.gatling.active());
    counters.put("warm_up_streams", run.recording(Phase.WARM_UP).tally().started());
    return new KpiReport(
        JsonFile.SCHEMA,
        run.common.simulation(),
        run.common.profile(),
        kpis,
        all,
        counters,
        load.offered(),
        load.achieved(),
        figures.absent(all.keySet()),
        load.unchecked(),
        new TreeMap<>());
  }

  /** The distributions of the run as a whole; counts values that were no latency. */
  private Map<String, Percentiles> distributions(Map<String, Long> counters) {
    Map<String, Percentiles> kpis = new LinkedHashMap<>();
    for (Map.Entry<Kpi, Distribution> each : run.recorders.of(Phase.MEASURE).entrySet()) {
      Kpi kpi = each.getKey();
      kpis.put(kpi.word(), Percentiles.of(kpi, each.getValue()));
      if (each.getValue().outside() > 0) {
        counters.put(kpi.outside(), each.getValue().outside());
      }
    }
    return kpis;
  }

  private static void put(Seconds.Judged seconds, Map<String, Figure> figures) {
    seconds.figure().ifPresent(figure -> figures.put(Kpi.GOOD_SECONDS.word(), figure));
  }

  /** The checks that need more than the folder. */
  private void check(KpiReport report, RunFigures figures, Checks checks) {
    without(Trouble.Kind.CUT, checks.validity("run_completed"));
    boolean isPart = run.common.shard().isPart();
    checks.add(
        Validity.check(report, run.common.bounds(), run.common.thresholdsAndSlos()).stream()
            .map(check -> run.trouble().map(trouble -> trouble.excuse(check)).orElse(check))
            .toList());
    if (isPart) {
      Duration bound = run.common.bounds().startLagP99();
      checks.validity("started_together").judge(() -> run.start.together(bound));
    }
    without(Trouble.Kind.TARGET_DIED, checks.of("targets_alive"));
    without(Trouble.Kind.HUNG, checks.of("streams_ended"));
    OptionalDouble strange =
        load.gauge()
            .filter(gauge -> !isPart) // It counts the streams of all generators.
            .map(figures::atTargetPct)
            .orElse(OptionalDouble.empty());
    checks
        .of("streams_at_target")
        .needs(strange.isPresent(), "No gauge of the target counts the streams of this load.")
        .judge(() -> atTarget(strange.getAsDouble()));
    audit.check(checks);
  }

  /** Gatling's own counts hold the recorders, so a difference is the target's. */
  private Finding atTarget(double strangePct) {
    String figure = Numbers.words(strangePct, "%") + " of the users";
    return Finding.of(
        strangePct <= STRANGE_PCT,
        figure,
        "<= " + Numbers.words(STRANGE_PCT, "%"),
        "The target has as many streams open as its clients.",
        "The target's gauge of open streams and its clients differ by %s.".formatted(figure));
  }

  private Checks checks(boolean cut) {
    return new Checks(run.recording(Phase.MEASURE).tally().counters(), cut);
  }

  private void without(Trouble.Kind kind, Checks.Declared check) {
    String found = of(kind).orElse("yes");
    boolean absent = of(kind).isEmpty();
    check.judge(() -> Finding.of(absent, found, "yes", kind.absent, kind.before + found + "."));
  }

  private Optional<String> of(Trouble.Kind kind) {
    return run.trouble().filter(each -> each.kind() == kind).map(Trouble::sentence);
  }
}
