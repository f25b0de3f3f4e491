package targets.shared;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import settings.BadSettings;

/**
 * The life of one target: starts its parts in order, listens, reports readiness, and on {@link
 * #close} stops in reverse order, each step within a bound of its own. A start that fails gives
 * back everything that was taken. Thread-safe once started.
 *
 * <p>Order of a stop: no new connections; then the reverse of what was added, so slots drain before
 * the links end that were added before them; then connections, extensions, event loops.
 */
public final class Service implements AutoCloseable {
  /** A part of a service that runs from its start to its end. */
  public interface Part extends AutoCloseable {
    /** Begins to work; returns at once. */
    void start();

    /** Ends the work within a bound of its own. */
    @Override
    void close();
  }

  /** Why a connection was closed. */
  public enum Cut {
    /** There were too many connections. */
    FULL,
    /** The head of a request took too long. */
    SLOW_HEAD,
    /** The body of a request took too long. */
    SLOW_BODY,
    /** No request came for too long. */
    IDLE
  }

  private record Unready(String status, String reason) {}

  /** The paths that every target answers. */
  public static final Set<String> PAGES =
      Set.of("/health", "/healthz", "/readyz", Counters.PATH, Counters.PROMETHEUS_PATH);

  /** Bounds the last bytes of connections that were cut off, and the end of connections. */
  private static final Duration LAST_BYTES = Duration.ofSeconds(2);

  private static final boolean HAS_EPOLL = Epoll.isAvailable();
  private static final int PAGE_BODY_BYTES_MAX = 1024;

  /** Bounds the first line of a request, and its headers. */
  private static final int HEAD_BYTES_MAX = 8 * 1024;

  private static final int LOOPS_STOP_S = 2;
  private static final int BACKLOG = 4096;

  /** Sockets that a loop serves before its tasks: the clients that leave at once may be all. */
  private static final int READY_MAX = 128;

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<LinkState> needs = new CopyOnWriteArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final String name;
  private final Counters counters;
  private final List<Extension> extensions;
  private final MultiThreadIoEventLoopGroup loops;
  private final Map<Cut, LongAdder> cuts;
  private Listener limits;
  private volatile int port;
  private volatile boolean stopping;

  /** A service, whose name is in reasons and in those of its threads. */
  public Service(String name, int threads, Counters counters, Extension... extensions) {
    this.name = name;
    this.counters = counters;
    this.extensions = List.of(extensions);
    this.cuts = counters.counters("connections_closed", "Connections over a limit", Cut.class);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads,
            new DefaultThreadFactory(name, true),
            HAS_EPOLL
                ? EpollIoHandler.newFactory(READY_MAX, DefaultSelectStrategyFactory.INSTANCE)
                : NioIoHandler.newFactory());
  }

  /** Returns the event loops: epoll where the kernel has it, NIO elsewhere. */
  public MultiThreadIoEventLoopGroup loops() {
    return loops;
  }

  /** Returns the kind of connecting socket that goes with the event loops. */
  public static Class<? extends SocketChannel> clientChannel() {
    return HAS_EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /**
   * Answers a request for one of {@link #PAGES}, or for nothing that is here: {@code /health} and
   * {@code /readyz} by 503 with the reason while a dependency is away, {@code /healthz} while the
   * process lives.
   */
  public FullHttpResponse reply(HttpRequest request, String path) {
    if (!PAGES.contains(path)) {
      return Replies.error(HttpResponseStatus.NOT_FOUND, "nothing is at " + path);
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      return Replies.wrongMethod("GET, HEAD");
    }
    if (path.startsWith(Counters.PATH)) {
      return counters.reply(request);
    }
    Optional<String> reason = path.equals("/healthz") ? Optional.empty() : unready();
    return reason
        .map(why -> new Unready("unready", why))
        .map(page -> Replies.json(HttpResponseStatus.SERVICE_UNAVAILABLE, page))
        .orElseGet(() -> Replies.json(HttpResponseStatus.OK, Map.of("status", "ok")));
  }

  public int connections() {
    return connections.size();
  }

  /** Returns true from the moment when no new work is taken. */
  public boolean isStopping() {
    return stopping;
  }

  /** Returns why no work can be done now; empty if it can. */
  public Optional<String> unready() {
    if (stopping) {
      return Optional.of("the " + name + " is stopping");
    }
    String reasons =
        needs.stream().flatMap(state -> state.reason().stream()).collect(Collectors.joining("; "));
    Optional<String> shown = Optional.of(reasons).filter(reason -> !reason.isEmpty());
    for (Extension extension : extensions) {
      shown = extension.unready(shown);
    }
    return shown;
  }

  public void needs(LinkState state) {
    needs.add(state);
  }

  /** Adds a part; it starts when the service listens, after the parts added before it. */
  public <P extends Part> P add(P part) {
    parts.add(part);
    closers.push(part::close);
    return part;
  }

  /** Adds a step to the stop; steps run in reverse order. */
  public void onClose(Runnable step) {
    closers.push(step);
  }

  /**
   * Drains slots when the service stops: none is given any more, and running ones may end.
   *
   * @param bound how long they may take
   * @param cutOff called on the event loop of each connection once that is over
   */
  public void drains(StreamSlots slots, Duration bound, Consumer<Channel> cutOff) {
    closers.push(
        () -> {
          slots.drain();
          slots.awaitEmpty(bound);
          if (slots.active() > 0) {
            eachConnection(cutOff);
            slots.awaitEmpty(LAST_BYTES);
          }
        });
  }

  /** Does something with each open connection, on its event loop. */
  public void eachConnection(Consumer<Channel> action) {
    connections.forEach(channel -> channel.eventLoop().execute(() -> action.accept(channel)));
  }

  /** Counts a connection that is closed for one of its limits. */
  public void count(Cut limit) {
    cuts.get(limit).increment();
  }

  /** Returns a handler that holds a connection to the time limits, to stand behind its decoder. */
  public RequestTimer timer() {
    return new RequestTimer(limits.times(), this::count);
  }

  /** Fills a pipeline with the HTTP codec, the time limits and the target's own handlers. */
  public void fill(SocketChannel channel, ChannelHandler... handlers) {
    channel
        .pipeline()
        .addLast(new HttpServerCodec(HEAD_BYTES_MAX, HEAD_BYTES_MAX, HEAD_BYTES_MAX), timer())
        .addLast(limits.origins().handler().stream().toArray(ChannelHandler[]::new))
        .addLast(handlers);
  }

  /** Fills the pipeline of one stream of HTTP/2, behind its codec, with what {@link #fill} adds. */
  public void fillStream(Channel stream, ChannelHandler... handlers) {
    stream.pipeline().addLast(timer());
    limits.origins().handler().ifPresent(stream.pipeline()::addLast);
    stream.pipeline().addLast(handlers);
    extensions.forEach(extension -> extension.connected(stream.pipeline()));
  }

  /** Listens, or throws BadSettings, and starts all parts; fills each accepted pipeline. */
  public void listen(Listener listener, Consumer<SocketChannel> pipeline) {
    limits = listener;
    start(() -> bind("--port", listener.host(), listener.port(), pipeline));
  }

  /**
   * Listens on one more port, after {@link #listen}, and returns it, also for port 0; or throws
   * BadSettings and closes the service.
   */
  public int listenAlso(
      String option, String host, int wantedPort, Consumer<SocketChannel> pipeline) {
    try {
      return bind(option, host, wantedPort, pipeline);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Listens for nothing but requests for {@link #PAGES}, and starts all parts. */
  public void listen(Listener listener) {
    listen(listener, channel -> HttpEdge.fill(channel, PAGE_BODY_BYTES_MAX, new HttpEdge(this)));
  }

  /** Starts all parts with a listener of another kind, which returns its port. */
  public void start(IntSupplier bind) {
    try {
      extensions.forEach(extension -> extension.start(loops, counters));
      port = bind.getAsInt();
      parts.forEach(Part::start);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private int bind(String option, String host, int wantedPort, Consumer<SocketChannel> pipeline) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(HAS_EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, pipeline);
                  }
                })
            .bind(host, wantedPort)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(option, host, wantedPort, bound.cause());
    }
    closers.push(() -> bound.channel().close().awaitUninterruptibly());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /** Returns the error of an address that cannot be bound. */
  public static BadSettings cannotListen(String option, String host, int port, Throwable cause) {
    String text =
        "%s: cannot listen on %s:%d (%s); stop what uses it, or choose another port, 0 for any";
    return new BadSettings(List.of(text.formatted(option, host, port, cause.getMessage())));
  }

  /** Returns the port that it listens on, also for port 0. */
  public int port() {
    return port;
  }

  /** Drains and stops; safe to call twice. */
  @Override
  public synchronized void close() {
    if (stopping) {
      return;
    }
    stopping = true;
    closers.forEach(Runnable::run);
    connections.close().awaitUninterruptibly(LAST_BYTES.toMillis(), TimeUnit.MILLISECONDS);
    extensions.forEach(Extension::close);
    loops.shutdownGracefully(0, LOOPS_STOP_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  private void accept(SocketChannel channel, Consumer<SocketChannel> pipeline) {
    if (connections.size() >= limits.maxConnections()) {
      count(Cut.FULL);
      channel.close();
      return;
    }
    connections.add(channel);
    pipeline.accept(channel);
    extensions.forEach(extension -> extension.connected(channel.pipeline()));
  }
}
