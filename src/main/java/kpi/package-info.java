/**
 * The measurements of a run: the catalogue of KPIs, their recorders in nanoseconds, the sampler
 * that writes one line a second, the figures of processes, and the run folder.
 *
 * <pre>
 *   user ──record──&gt; Recorders ──interval/s──&gt; Sampler ──&gt; samples.ndjson, *.hlog
 *                        └────────totals──────&gt; KpiReport ──&gt; kpi.json
 * </pre>
 */
package kpi;
