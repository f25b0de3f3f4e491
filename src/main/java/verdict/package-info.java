/**
 * Whether a run can be believed, and whether what it measured is good enough.
 *
 * <pre>
 *   KpiReport ──&gt; Validity    ──┐
 *             ──&gt; invariants  ──┼─&gt; checks ──worst──&gt; Verdict ──&gt; verdict.json
 *             ──&gt; Threshold  ──┘
 * </pre>
 */
package verdict;
