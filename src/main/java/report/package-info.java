/**
 * A run folder, told to people and to CI servers.
 *
 * <pre>
 *  manifest.json   ─┐                     ┌─ Headline    what ran, can it be believed, verdict
 *  kpi.json         │                     ├─ Comparison  what changed since the baseline
 *  samples.ndjson   ├─ RunFolder ── Page ─┼─ KpiTable    Figures    Provenance
 *  *.hlog           │  (what could be     └─ TimeCharts  MemoryCharts  DistributionCharts
 *  verdict.json     │   read, and what          │
 *  comparison.json  │   could not)              └─ Report (template) ── report.html
 *  baseline.json   ─┘  ├──────────────────────────── Summary ────────── summary.md
 *                      └──────────────────────────── JUnitXml ───────── junit.xml
 * </pre>
 *
 * <p>All outputs are pure functions of the folder: the same files give the same bytes, no clock and
 * no network is involved. Every text in the folder is untrusted. Nothing is judged here: outcomes
 * are shown as they were written, and {@code worse} means beyond the noise that comparison.json
 * gives.
 */
package report;
