package targets.proxy;

import io.netty.channel.ChannelHandlerContext;
import java.util.Set;
import java.util.function.LongSupplier;
import targets.shared.Metrics;
import targets.shared.StreamSlots;
import targets.shared.Troubles;

/**
 * What all connections of one proxy share.
 *
 * @param settings never changes
 * @param counters of the whole proxy
 * @param metrics answers {@code /metrics}
 * @param troubles told about each request that is about to be answered
 * @param slots bound the streams
 * @param routes decide about requests
 * @param watch asks the upstream for its health and metrics
 * @param clients every open client connection; a concurrent set
 * @param nanoClock monotonic time in nanoseconds
 */
record ProxyParts(
    ProxySettings settings,
    ProxyMetrics counters,
    Metrics metrics,
    Troubles troubles,
    StreamSlots slots,
    Routes routes,
    UpstreamWatch watch,
    Set<ClientSide> clients,
    LongSupplier nanoClock) {

  /** How bytes leave to one client. */
  Outlet outlet(ChannelHandlerContext wire) {
    if (settings.defects().has(ProxyDefects.COALESCE)) {
      return new GridOutlet(wire, nanoClock);
    }
    return settings.defects().has(ProxyDefects.LATE)
        ? new LateOutlet(wire, ProxyDefects.delay(settings.defects()), settings.bufferHigh())
        : new Outlet.Direct(wire);
  }

  /** How the events of one response are counted. */
  EventTally tally(ResponseHead head) {
    if (!head.isEventStream()) {
      return EventTally.NONE;
    }
    return settings.defects().has(ProxyDefects.COUNT_ON_FLUSH)
        ? new FlushTally(nanoClock)
        : new EventCounter();
  }
}
