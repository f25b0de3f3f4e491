package report;

import java.util.List;

/**
 * Everything that the page says, in the words and figures in which it says it. The template adds
 * nothing but marks; so this is what golden files pin.
 *
 * @param missing what of the run folder could not be shown
 */
record Page(
    Headline headline,
    List<Missing> missing,
    KpiTable kpis,
    Figures figures,
    List<Chart.Phase> phases,
    List<Chart> timeCharts,
    List<Chart> distributions,
    List<Check.Group> checks,
    Provenance provenance) {

  static Page of(RunFolder run) {
    List<Check> checks = Check.of(run.verdict());
    Timeline time = Timeline.of(run);
    return new Page(
        Headline.of(run, checks),
        run.missing(),
        KpiTable.of(run.kpi(), checks),
        Figures.of(run, checks),
        time.phases(),
        TimeCharts.of(run, time),
        DistributionCharts.of(run),
        Check.grouped(checks),
        Provenance.of(run.manifest()));
  }
}
