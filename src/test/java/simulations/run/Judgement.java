package simulations.run;

import kpi.KpiReport;
import verdict.Comparison;
import verdict.Verdict;

/**
 * What a run came to.
 *
 * @param report what was measured
 * @param verdict what it is worth
 * @param comparison with the baseline
 */
public record Judgement(KpiReport report, Verdict verdict, Comparison comparison) {}
