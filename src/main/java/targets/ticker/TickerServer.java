package targets.ticker;

import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import settings.BadSettings;
import settings.TokenMint;
import settings.TokenPlan;
import targets.shared.EventLoops;
import targets.shared.HealthPages;
import targets.shared.Listener;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;

/** From NATS to WebSockets; see the package. Thread-safe. */
public final class TickerServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "ticker",
          "Market feed over WebSockets, for users with a JSON web token",
          TickerSettings.OPTIONS,
          reader ->
              new TickerServer(
                  TickerSettings.read(reader), InstantSource.system(), System::nanoTime));

  private static final Logger LOG = LoggerFactory.getLogger(TickerServer.class);

  /** A client is slow while more than this waits for its socket. */
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  /** Sockets for pages, and for those who are refused, besides the WebSockets. */
  private static final int SPARE_SOCKETS = 500;

  private static final int FIRST_LINE_BYTES_MAX = 8 * 1024;
  private static final int HEADER_BYTES_MAX = 8 * 1024;
  private static final int BODY_BYTES_MAX = 4 * 1024;
  private static final long SWEEP_S = 1;

  private final TickerParts parts;
  private final EventLoops loops;
  private final Troubles troubles;
  private final Listener listener;
  private final HttpSide.Shared http;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when it listens, be NATS there or not.
   *
   * @param settings everything that can be set
   * @param wall stamps the messages, and tells when tokens expire
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  TickerServer(TickerSettings settings, InstantSource wall, LongSupplier nanoClock) {
    if (settings.key().isOfDevelopment()) {
      LOG.warn("tokens are checked by a key that everybody knows; --secret-file gives it another");
    }
    loops = new EventLoops("ticker", settings.threads());
    parts = TickerParts.of(settings, loops, wall, nanoClock);
    troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    http =
        new HttpSide.Shared(
            parts,
            new HealthPages(this::unready, parts.metrics().page()),
            new Door(parts, troubles),
            new Upgrade(parts),
            settings.devTokens() ? Optional.of(mint(settings, wall)) : Optional.empty());
    try {
      listener = Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
    parts.audiences().start();
    var unused =
        loops
            .group()
            .scheduleAtFixedRate(
                () -> parts.addresses().sweep(nanoClock.getAsLong()),
                SWEEP_S,
                SWEEP_S,
                TimeUnit.SECONDS);
    parts.nats().start();
  }

  @Override
  public int port() {
    return listener.port();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping = true;
    listener.close();
    parts.slots().drain();
    parts.nats().close();
    parts.audiences().stop();
    parts.slots().awaitEmpty(parts.settings().times().drain());
    troubles.close();
    loops.close();
  }

  private Optional<String> unready() {
    return stopping ? Optional.of("the ticker is stopping") : parts.nats().state().reason();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  private void accept(SocketChannel channel) {
    int most = parts.settings().limits().connections() + SPARE_SOCKETS;
    if (parts.sockets().incrementAndGet() > most) {
      parts.sockets().decrementAndGet();
      parts.metrics().refused(TickerMetrics.Refusal.SOCKETS);
      channel.close();
      return;
    }
    channel.closeFuture().addListener(gone -> parts.sockets().decrementAndGet());
    channel.config().setWriteBufferWaterMark(WAITING_BYTES);
    channel.config().setSendBufferSize(parts.settings().limits().sendBufferBytes());
    channel
        .pipeline()
        .addLast(new HttpServerCodec(FIRST_LINE_BYTES_MAX, HEADER_BYTES_MAX, HEADER_BYTES_MAX))
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new HttpSide(http));
  }

  private static TokenMint mint(TickerSettings settings, InstantSource wall) {
    TokenPlan plan = TokenPlan.GOOD;
    plan = settings.issuer().map(plan::by).orElse(plan);
    plan = settings.audience().map(plan::meantFor).orElse(plan);
    return new TokenMint(settings.key(), plan, wall);
  }
}
