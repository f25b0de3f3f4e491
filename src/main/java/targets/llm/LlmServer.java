package targets.llm;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import settings.BadSettings;
import targets.shared.EventLoops;
import targets.shared.Listener;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;

/** An OpenAI-compatible chat-completions server; see the package. Thread-safe. */
public final class LlmServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "llm",
          "OpenAI-compatible token streams at an exact pace",
          LlmSettings.OPTIONS,
          reader ->
              new LlmServer(LlmSettings.read(reader), System::nanoTime, InstantSource.system()));

  /** A stream waits for its client while more than this waits for the socket. */
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  /** How long the last bytes of a stream that was cut short may take. */
  private static final long LAST_BYTES_NS = TimeUnit.SECONDS.toNanos(1);

  private final AtomicBoolean stopping = new AtomicBoolean();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<EventLoop, Pacer> pacers = new ConcurrentHashMap<>();
  private final LongSupplier nanoClock;
  private final Workshop shop;
  private final EventLoops loops;
  private final Listener listener;
  private boolean closed;

  /**
   * Starts; returns when the server listens.
   *
   * @param settings everything that can be set
   * @param nanoClock paces the streams
   * @param wall dates the answers
   * @throws BadSettings if the port cannot be bound
   */
  LlmServer(LlmSettings settings, LongSupplier nanoClock, InstantSource wall) {
    this.nanoClock = nanoClock;
    Instant now = wall.instant();
    LlmMetrics metrics = new LlmMetrics();
    Routes routes = new Routes(settings, metrics, stopping::get, now.getEpochSecond());
    Admission admission = new Admission(settings.maxStreams(), metrics);
    loops = new EventLoops("llm", settings.threads());
    Troubles troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    shop =
        new Workshop(
            settings,
            routes,
            admission,
            metrics,
            troubles,
            wall,
            now.toEpochMilli(),
            stopping::get);
    listener = listen(settings);
  }

  private Listener listen(LlmSettings settings) {
    try {
      return Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      loops.close();
      shop.troubles().close();
      throw e;
    }
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
    stopping.set(true);
    listener.close();
    if (!shop.admission().awaitEmpty(shop.settings().drainBound().toNanos())) {
      for (Channel channel : connections) {
        Connection connection = channel.pipeline().get(Connection.class);
        channel.eventLoop().execute(connection::cutShort);
      }
      shop.admission().awaitEmpty(LAST_BYTES_NS);
    }
    connections.close().awaitUninterruptibly(LAST_BYTES_NS, TimeUnit.NANOSECONDS);
    loops.close();
    shop.troubles().close();
  }

  private void accept(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(WAITING_BYTES);
    Pacer pacer = pacers.computeIfAbsent(channel.eventLoop(), loop -> new Pacer(loop, nanoClock));
    Connection connection = new Connection(shop, pacer);
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new BodyCollector(shop.settings().maxBodyBytes(), connection::isAnswering))
        .addLast(connection);
    connections.add(channel);
  }
}
