package simulations.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Phase;
import report.JUnitXml;
import report.Report;
import verdict.Check;
import verdict.Thresholds;
import verdict.Validity;
import verdict.Verdict;

/** The last part of a run: settle, reconcile, judge, write. Runs once, on one thread. */
final class Judge {
  private final Run run;
  private final Audit audit;

  Judge(Run run, Audit audit) {
    this.run = run;
    this.audit = audit;
  }

  Judgement judge() {
    double measuredToS = run.timeline().nowS();
    audit.settle();
    run.sampler().close();
    KpiReport report = report(measuredToS);
    Verdict verdict = Verdict.of(checks(report));
    Judgement judgement = new Judgement(report, verdict);
    try {
      write(judgement);
    } catch (IOException e) {
      Console.error("The verdict is " + verdict.verdict() + ", but cannot be written: " + e);
      return new Judgement(
          report,
          Verdict.of(
              List.of(
                  Check.validity(
                      "written",
                      false,
                      "not written",
                      "written",
                      "The run folder cannot be written."))));
    }
    return judgement;
  }

  private KpiReport report(double measuredToS) {
    RunFigures figures = new RunFigures(run, measuredToS);
    Map<String, Percentiles> kpis = new LinkedHashMap<>();
    for (Kpi kpi : Kpi.values()) {
      if (kpi.isDistribution()) {
        kpis.put(kpi.word(), Percentiles.of(kpi, run.recorders().of(Phase.MEASURE, kpi).total()));
      }
    }
    Map<String, Figure> all = new LinkedHashMap<>(figures.all());
    all.putAll(audit.figures(figures.measuredS()));
    Map<String, Long> counters = new TreeMap<>(run.tally(Phase.MEASURE).counters());
    counters.put("warm_up_streams", run.tally(Phase.WARM_UP).started());
    return new KpiReport(
        KpiReport.SCHEMA,
        run.plan().simulation(),
        run.plan().profile(),
        kpis,
        all,
        counters,
        audit.offered(),
        audit.achieved());
  }

  private List<Check> checks(KpiReport report) {
    List<Check> checks = new ArrayList<>();
    Optional<Trouble> trouble = run.trouble();
    boolean valid = trouble.isEmpty() || trouble.get().leavesRunValid();
    String figure = trouble.map(Trouble::sentence).orElse("completed");
    checks.add(
        Check.validity(
            "run_completed",
            valid,
            valid ? "completed" : figure,
            "completed",
            valid
                ? "The run came to its own end."
                : "The run did not come to its own end: " + figure + "."));
    checks.addAll(Validity.check(report, run.plan().bounds()));
    checks.add(
        survived(
            trouble, Trouble.Kind.TARGET_DIED, "targets_alive", "Every target lived through it."));
    checks.add(
        survived(trouble, Trouble.Kind.HUNG, "streams_ended", "No stream was left hanging."));
    checks.addAll(audit.invariants());
    checks.addAll(Thresholds.check(run.plan().thresholds(), report));
    return checks;
  }

  private static Check survived(
      Optional<Trouble> trouble, Trouble.Kind kind, String name, String allIsWell) {
    Optional<String> found =
        trouble.filter(present -> present.kind() == kind).map(Trouble::sentence);
    return Check.invariant(
        name,
        found.isEmpty(),
        found.orElse("all"),
        "all",
        found.map(sentence -> "Under load, " + sentence + ".").orElse(allIsWell));
  }

  private void write(Judgement judgement) throws IOException {
    run.folder().writeJson("kpi.json", judgement.report());
    run.folder().writeJson("verdict.json", judgement.verdict());
    Manifest.write(run, Optional.of(audit.unchecked()));
    Report.write(run.folder().path());
    JUnitXml.write(run.folder().path());
  }
}
