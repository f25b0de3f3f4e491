package verdict;

import kpi.KpiReport;

/**
 * A judged run.
 *
 * @param report what was measured
 * @param verdict of every check
 * @param comparison with the baseline, whose checks are among the verdict's
 */
public record Judgement(KpiReport report, Verdict verdict, Comparison comparison) {}
