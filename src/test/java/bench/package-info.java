/**
 * One instrument for what only a bare receiver can show: targets beside peers, with the same load
 * in the same run. docs/BENCHMARKS.md has the commands and the figures.
 *
 * <pre>
 *   Publisher or the receivers' requests ── Lane (processes) ── Receivers ── Arrivals
 *                                              │
 *                                            Meter
 * </pre>
 *
 * <p>{@link bench.Bench} runs a comparison, {@code streams}, {@code relay}, {@code fanout}, {@code
 * sse}, {@code idle} or {@code bids}, and prints its table. A {@link bench.Plan} holds the
 * deliveries and their due times; {@link bench.Arrivals} counts them and measures how late each is.
 *
 * <p>Limits: Linux only, because CPU and memory come from {@code /proc}; all processes share one
 * machine, in every lane alike.
 */
package bench;
