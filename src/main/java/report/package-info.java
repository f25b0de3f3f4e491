/**
 * A run folder, told to people and to CI servers.
 *
 * <pre>
 *  manifest.json ─┐                       ┌─ Headline    what ran, can it be believed, verdict
 *  kpi.json       ├─ RunFolder ── Page ───┼─ KpiTable    Figures   Provenance
 *  samples.ndjson │  (what could be       └─ TimeCharts  DistributionChart
 *  *.hlog         │   read, and what            │
 *  verdict.json ──┘   could not)                └─ Report (template) ── report.html
 *                 └────────────────────────────────── JUnitXml ──────── junit.xml
 * </pre>
 *
 * <p>Both outputs are pure functions of the folder: the same files give the same bytes, no clock
 * and no network is involved. Every text in the folder is untrusted. Nothing is judged here;
 * outcomes are shown as they were written.
 */
package report;
