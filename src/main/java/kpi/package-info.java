/**
 * What a run measures: the catalogue of KPIs, the recorders that take them in nanoseconds, the
 * sampler that writes one line a second, and the folder that holds everything of a run.
 *
 * <pre>
 *   user ──record──&gt; Recorders ──interval/s──&gt; Sampler ──&gt; samples.ndjson, *.hlog
 *                        └────────totals──────&gt; KpiReport ──&gt; kpi.json
 * </pre>
 */
package kpi;
