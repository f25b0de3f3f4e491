/**
 * What a run shows of itself while it goes on. {@link simulations.live.LiveFigures} is the one
 * source, taken from each sample; the console's {@link simulations.live.LiveLine}, the page and the
 * Prometheus text of the {@link simulations.live.LiveServer}, and the OpenTelemetry metrics of the
 * {@link simulations.live.OtlpSender} render it. {@link simulations.live.LiveMetrics} declares each
 * metric once for the two protocols.
 */
package simulations.live;
