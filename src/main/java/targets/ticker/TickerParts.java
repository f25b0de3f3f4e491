package targets.ticker;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import targets.shared.EventLoops;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.StreamSlots;
import targets.shared.UnixClock;

/**
 * What all connections of a ticker share.
 *
 * @param settings everything that can be set
 * @param metrics counts
 * @param gate judges tokens
 * @param market is heard
 * @param nats the connection
 * @param audiences who hears it
 * @param addresses what each may do
 * @param frameRate what each connection may send
 * @param slots at most so many WebSockets
 * @param sockets TCP connections open now
 * @param numbers of the WebSockets since the start
 * @param unixNs the clock on the wall
 * @param nanoClock monotonic time
 */
record TickerParts(
    TickerSettings settings,
    TickerMetrics metrics,
    TokenGate gate,
    Market market,
    NatsLink nats,
    Audiences audiences,
    AddressLimits addresses,
    Rate frameRate,
    StreamSlots slots,
    AtomicInteger sockets,
    AtomicLong numbers,
    LongSupplier unixNs,
    LongSupplier nanoClock) {
  /** Puts them together; nothing runs yet. */
  static TickerParts of(
      TickerSettings settings, EventLoops loops, InstantSource wall, LongSupplier nanoClock) {
    LongSupplier unixNs = UnixClock.of(wall);
    LinkState state = new LinkState("NATS");
    TickerMetrics metrics = new TickerMetrics(state);
    TickerSettings.Limits limits = settings.limits();
    Market market = new Market(metrics, limits.feeds(), settings.deflate(), unixNs);
    Audiences audiences =
        new Audiences(
            loops.group(),
            loop ->
                new Audience(
                    loop, limits.backlog(), metrics, settings.defects(), unixNs, nanoClock));
    AddressLimits addresses =
        new AddressLimits(
            limits.addresses(),
            Rate.perSecond(limits.connectsPerAddress()),
            Rate.perSecond(limits.messagesPerAddress()),
            nanoClock.getAsLong());
    market.playTo(audiences);
    metrics.gauge("client_states", "Clients whose state is kept", audiences::known);
    metrics.gauge("addresses", "Addresses told apart", addresses::size);
    metrics.gauge(
        "broadcasts_waiting", "Of the furthest loop", () -> audiences.waiting(limits.backlog()));
    AtomicInteger sockets = new AtomicInteger();
    metrics.gauge("sockets", "TCP connections open now", sockets::get);
    return new TickerParts(
        settings,
        metrics,
        new TokenGate(
            settings.key(), settings.issuer(), settings.audience(), settings.defects(), wall),
        market,
        new NatsLink(
            settings.nats().toString(), "ticker", NatsLink.Waiting.NONE, state, market, nanoClock),
        audiences,
        addresses,
        Rate.perSecond(limits.messagesPerConnection()),
        new StreamSlots(limits.connections(), nanoClock),
        sockets,
        new AtomicLong(),
        unixNs,
        nanoClock);
  }

  boolean has(String defect) {
    return settings.defects().has(defect);
  }
}
