package targets.ticker;

import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import settings.JwtPlan;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Delivery;
import targets.shared.Extension;
import targets.shared.HttpEdge;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.PushMessage;
import targets.shared.Service;
import targets.shared.TargetSpec;
import targets.shared.WebSocketUpgrade;
import targets.ticker.JwtCheck.Verdict;

/** Composes the ticker: from NATS to WebSockets; see the package. */
public final class TickerServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "ticker",
          3001,
          "Market feed over WebSockets, for users with a JSON web token",
          TickerSettings.class,
          reader -> start(reader, new Seam() {}));

  private static final Logger LOG = LoggerFactory.getLogger(TickerServer.class);

  /** A client is slow while more than this waits for its socket. */
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  /** Sockets besides the WebSockets, for pages and refusals. */
  private static final int SPARE_SOCKETS = 500;

  private static final int BODY_BYTES_MAX = 4 * 1024;
  private static final long SWEEP_S = 1;

  /** Parts of a ticker that can be decorated from outside. */
  public interface Seam {
    default Clocks clocks(Clocks honest) {
      return honest;
    }

    default Function<String, Verdict> tokens(Function<String, Verdict> honest) {
      return honest;
    }

    default Subscriber.Policy policy(Subscriber.Policy honest) {
      return honest;
    }

    /** Returns the delivery to the subscribers of one event loop. */
    default <M extends PushMessage> Delivery<M> delivery(Delivery<M> honest, EventLoop loop) {
      return honest;
    }

    /** Returns the number of clients whose state is kept. */
    default LongSupplier states(LongSupplier honest) {
      return honest;
    }
  }

  private TickerServer() {}

  /** Starts a ticker, as {@link TargetSpec#start} does. */
  @SuppressWarnings("FutureReturnValueIgnored") // No close or sweep fails in a way that matters.
  public static Service start(SettingsReader reader, Seam seam, Extension... extensions) {
    TickerSettings settings = reader.finish(TickerSettings.class);
    if (settings.key().key().isOfDevelopment()) {
      LOG.warn("tokens are checked by the public development key; set another by --secret-file");
    }
    TickerMetrics metrics = new TickerMetrics();
    Service service = new Service("ticker", settings.threads(), metrics, extensions);
    Subscribers subscribers =
        new Subscribers(settings, metrics, service.loops(), seam, seam.clocks(Clocks.SYSTEM));
    Admission admission = subscribers.admission;
    Market market = new Market(subscribers);
    NatsLink nats = new NatsLink(settings.nats(), "ticker", metrics, market, Optional.empty());
    metrics.counter("nats_dropped", "Messages that NATS's client dropped", market::dropCount);
    metrics.gauge("feeds", "Feeds received so far", subscribers.feeds::size);
    metrics.gauge(
        "client_states", "Clients whose state is kept", seam.states(subscribers.clients::count));
    metrics.gauge("addresses", "Addresses with an account", admission::addresses);
    metrics.gauge(
        "broadcasts_waiting", "In the loop that is furthest behind", subscribers::waiting);
    metrics.gauge("sockets", "TCP connections open now", service::connections);
    nats.states().forEach(service::needs);
    // The steps of a stop, from the last to the first.
    service.drains(admission.slots, settings.times().drain(), channel -> channel.close());
    service.onClose(subscribers::finish);
    service.add(nats);
    service.onClose(admission.slots::drain);
    service.loops().scheduleAtFixedRate(admission::sweep, SWEEP_S, SWEEP_S, TimeUnit.SECONDS);
    listen(settings, service, subscribers);
    return service;
  }

  private static void listen(TickerSettings settings, Service service, Subscribers subscribers) {
    WebSocketUpgrade upgrade = new WebSocketUpgrade(Subscriber.MESSAGE_MAX, settings.deflate());
    Optional<UnaryOperator<String>> mint =
        settings.devTokens() ? Optional.of(mint(settings)) : Optional.empty();
    service.listen(
        new Listener(
            settings.host(),
            settings.port(),
            settings.limits().maxConnections() + SPARE_SOCKETS,
            settings.http(),
            settings.origins()),
        channel -> {
          channel.config().setWriteBufferWaterMark(WAITING_BYTES);
          channel.config().setSendBufferSize(settings.limits().sendBuffer());
          HttpEdge.fill(
              channel, BODY_BYTES_MAX, new TickerRoutes(service, subscribers, upgrade, mint));
        });
  }

  private static UnaryOperator<String> mint(TickerSettings settings) {
    JwtPlan plain = JwtPlan.GOOD;
    JwtPlan named = settings.issuer().map(name -> plain.with("iss", name)).orElse(plain);
    JwtPlan plan = settings.audience().map(name -> named.with("aud", name)).orElse(named);
    return plan.mint(settings.key().key(), Clocks.SYSTEM.wall());
  }
}
