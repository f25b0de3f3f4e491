/**
 * What a run is compared with. A baseline is a small committed file with the centre and the spread
 * of several runs of one profile on one class of machine; a comparison holds a run against it by
 * the rules of the suite, and refuses where the two are not alike.
 *
 * <pre>
 *  run folders ── RunRecord ──┬── Baseline.of ── Baselines ── baselines/X.json
 *                             │                      │
 *                             ├──── Comparison.of ───┴── checks, comparison.json
 *                             ├──── Standard ─────────── Ruling: verdict and comparison
 *                             └──── HistoryEntry ─────── History ── baselines/history.ndjson
 * </pre>
 */
package baseline;
