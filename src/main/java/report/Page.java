package report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import verdict.Check;
import verdict.Verdict;

/** All texts and figures of the page. The template adds only markup, so golden files pin this. */
record Page(
    Headline headline,
    ComparisonSection comparison,
    List<RunFiles.Missing> missing,
    StageTable stages,
    GeneratorTable generators,
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
        GeneratorTable.of(run.manifest().generators()),
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
        Stream.concat(run.faults().stream(), run.samples().events(run.seconds()).stream()).toList(),
        run.seconds().judged() == 0 ? "" : run.seconds().sentence(),
        TimeCharts.of(run),
        DistributionCharts.of(run),
        groups(run.checks()),
        Provenance.of(run));
  }

  private static List<Group> groups(List<Check> checks) {
    Map<Check.Kind, List<Check>> byKind =
        checks.stream()
            .sorted(Comparator.comparing(check -> check.outcome() == Check.Outcome.PASS))
            .collect(groupingBy(Check::kind, TreeMap::new, toList()));
    return byKind.entrySet().stream()
        .map(
            kind ->
                new Group(
                    kind.getKey().word(),
                    meaning(kind.getKey()),
                    Verdict.tally(kind.getValue()),
                    kind.getValue()))
        .toList();
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
