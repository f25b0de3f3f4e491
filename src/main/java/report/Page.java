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
    Comparison comparison,
    List<Missing> missing,
    StageTable stages,
    KpiTable kpis,
    Figures figures,
    List<Chart.Phase> phases,
    List<Chart> timeCharts,
    List<Chart> distributions,
    List<Check.Group> checks,
    Provenance provenance) {

  static Page of(RunFolder run) {
    Marks marks = Marks.of(run);
    Timeline time = Timeline.of(run);
    return new Page(
        Headline.of(run, marks),
        marks.comparison(),
        run.missing(),
        StageTable.of(run.kpi(), marks::outcome),
        KpiTable.of(run.kpi(), marks),
        Figures.of(run, marks),
        time.phases(),
        TimeCharts.of(run, time),
        DistributionCharts.of(run),
        Check.grouped(marks.checks()),
        Provenance.of(run));
  }
}
