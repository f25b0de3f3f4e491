/**
 * Judges runs: whether a run can be believed, and whether its figures are good enough and as good
 * as before.
 *
 * <pre>
 *   KpiReport ──&gt; Validity    ──┐
 *             ──&gt; invariants  ──┼─&gt; checks ──worst──&gt; Verdict ──&gt; verdict.json
 *             ──&gt; Threshold  ──┘
 * </pre>
 */
package verdict;
