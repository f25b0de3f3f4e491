/**
 * Renders a run folder for people and for CI servers.
 *
 * <pre>
 *  manifest.json   ─┐                    ┌─ Headline     what ran, can it be believed, verdict
 *  kpi.json         │                    ├─ ComparisonSection   changes since the baseline
 *  samples, seconds ├─ RunFiles ── Page ─┼─ KpiTable     Figures     StageTable    Provenance
 *  *.hlog           │  (read back into   └─ TimeCharts   MemoryCharts   DistributionCharts
 *  verdict.json     │   the records that       │
 *  comparison.json  │   wrote them)            └─ Report ────── report.html
 *  baseline.json   ─┘  ├────────────────────────── Summary ───── summary.md
 *                      └────────────────────────── JUnitXml ──── junit.xml
 *  history.ndjson ────────── HistoryPage ───────────────────────  history.html
 * </pre>
 *
 * <p>All outputs are pure functions of their files: the same files give the same bytes, without a
 * clock or a network. Every text in the files is untrusted. This room judges nothing: it shows the
 * outcomes as they were written, and {@code worse} means beyond the noise in comparison.json.
 */
package report;
