package simulations.run;

import kpi.KpiReport;
import verdict.Verdict;

/**
 * What a run came to.
 *
 * @param report what was measured
 * @param verdict what it is worth
 */
public record Judgement(KpiReport report, Verdict verdict) {}
