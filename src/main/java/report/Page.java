package report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import verdict.Check;
import verdict.Verdict;

/** All texts and figures of the page. The template adds only markup, so golden files pin this. */
record Page(
    Headline headline,
    ComparisonSection comparison,
    List<RunFiles.Missing> missing,
    StageTable stages,
    KpiTable kpis,
    Figures figures,
    List<Chart.Phase> phases,
    List<Chart.Phase> events,
    String seconds,
    List<Chart> timeCharts,
    List<Chart> distributions,
    List<Group> checks,
    Provenance provenance) {

  record Group(String kind, String meaning, String tally, List<Check> checks) {}

  static Page of(RunFiles run) {
    ComparisonSection comparison = ComparisonSection.of(run);
    return new Page(
        Headline.of(run, comparison),
        comparison,
        run.missing(),
        StageTable.of(run.kpi(), comparison::outcome),
        KpiTable.of(run.kpi(), comparison),
        Figures.of(run, comparison),
        run.manifest().phases().stream()
            .map(
                span ->
                    new Chart.Phase(
                        span.name(),
                        span.startS(),
                        span.endS(),
                        span.name().equals(Samples.WARM_UP)))
            .toList(),
        run.samples().events(run.seconds()),
        run.seconds().judged() == 0 ? "" : run.seconds().sentence(),
        TimeCharts.of(run),
        DistributionCharts.of(run),
        groups(run.checks()),
        Provenance.of(run));
  }

  private static List<Group> groups(List<Check> checks) {
    List<Group> groups = new ArrayList<>();
    for (Check.Kind kind : Check.Kind.values()) {
      List<Check> own = checks.stream().filter(check -> check.kind() == kind).toList();
      Comparator<Check> loudFirst =
          Comparator.comparing(check -> check.outcome() == Check.Outcome.PASS);
      groups.add(
          new Group(
              kind.word(),
              meaning(kind),
              Verdict.tally(own),
              own.stream().sorted(loudFirst).toList()));
    }
    groups.removeIf(group -> group.checks().isEmpty());
    return groups;
  }

  private static String meaning(Check.Kind kind) {
    return switch (kind) {
      case VALIDITY -> "can the run be believed";
      case INVARIANT -> "was everything delivered, once, in order";
      case THRESHOLD -> "is it good enough";
      case BASELINE -> "is it as good as before";
    };
  }
}
