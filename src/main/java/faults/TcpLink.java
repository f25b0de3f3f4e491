package faults;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A small TCP relay on a free loopback port in front of a service: one connection to the service
 * for each client's, the same bytes both ways, ends and resets passed on. Faults change that while
 * they last; several at once are combined. If the service cannot be reached, the client's
 * connection is reset. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class TcpLink implements Part, AutoCloseable {
  private static final int CONNECT_BOUND_MS = 5_000;
  private static final int BACKLOG = 1_024;
  private static final int PORT_MS = 10;

  private final InetSocketAddress service;
  private final LongSupplier nanoClock;
  private final EventLoopGroup loops;
  private final List<LinkFault> faults = new CopyOnWriteArrayList<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final LongAdder made = new LongAdder();
  final LongAdder paused = new LongAdder();
  private final SplittableRandom seeds;
  private final InetSocketAddress address;
  private Channel listener;

  /**
   * Opens a link.
   *
   * @param name of its thread
   * @param service that it leads to, which may start later
   * @param seed of its random numbers
   * @param nanoClock in monotonic nanoseconds
   */
  public TcpLink(String name, InetSocketAddress service, long seed, LongSupplier nanoClock) {
    this.service = service;
    this.nanoClock = nanoClock;
    this.seeds = new SplittableRandom(seed);
    var threads = new DefaultThreadFactory("link " + name, true);
    this.loops = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    try {
      this.listener = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (RuntimeException e) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw e;
    }
    this.address = (InetSocketAddress) listener.localAddress();
  }

  /** Returns the address for clients, the same during its whole life. */
  public InetSocketAddress address() {
    return address;
  }

  /** Returns the connections that were made. */
  public long made() {
    return made.sum();
  }

  /** Returns how often a direction held {@link Flow#HELD_MAX} bytes, and its sender had to wait. */
  public long paused() {
    return paused.sum();
  }

  @Override
  public synchronized void strike(Fault fault) {
    LinkFault struck = (LinkFault) fault;
    faults.add(struck);
    if (struck.refuses()) {
      unlisten();
    }
    onEach(
        connection -> {
          struck.strikes(connection);
          connection.changed();
        });
  }

  @Override
  public synchronized void heal(Fault fault) {
    LinkFault healed = (LinkFault) fault;
    faults.remove(healed);
    if (!listener.isOpen() && faults.stream().noneMatch(LinkFault::refuses)) {
      listener = listen(address);
    }
    onEach(
        connection -> {
          healed.heals(connection);
          connection.changed();
        });
  }

  /** Closes all connections, and the port. */
  @Override
  public synchronized void close() {
    if (!loops.isShuttingDown()) {
      listener.close().syncUninterruptibly();
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private void unlisten() {
    listener.close().syncUninterruptibly();
    // The selector gives the port back when it selects next.
    listener.eventLoop().schedule(() -> {}, PORT_MS, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }

  private void onEach(Consumer<Connection> action) {
    for (Connection connection : connections) {
      connection.client.eventLoop().execute(() -> action.accept(connection));
    }
  }

  private Channel listen(InetSocketAddress at) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel client) {
                connect(client);
              }
            })
        .bind(at)
        .syncUninterruptibly()
        .channel();
  }

  private void connect(SocketChannel client) {
    made.increment();
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_BOUND_MS)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(service)
        .addListener(
            (ChannelFuture done) -> {
              if (done.isSuccess()) {
                joined(new Connection(client, (SocketChannel) done.channel()));
              } else {
                Flow.reset(client);
              }
            });
  }

  private void joined(Connection connection) {
    connections.add(connection);
    connection.client.closeFuture().addListener(ended -> connections.remove(connection));
    connection.up.begin();
    connection.down.begin();
    faults.forEach(fault -> fault.meets(connection));
  }

  long nowNs() {
    return nanoClock.getAsLong();
  }

  int pieceBytes(Direction direction) {
    return in(direction).mapToInt(LinkFault::pieceBytes).min().orElse(Integer.MAX_VALUE);
  }

  /** Returns when a piece, or with {@code bytes} 0 the end, passes all faults. */
  long passesNs(
      Direction direction, long nowNs, long previousNs, int bytes, SplittableRandom random) {
    ToLongFunction<LinkFault> passes =
        fault ->
            bytes == 0 ? fault.endsNs(nowNs) : fault.passesNs(nowNs, previousNs, bytes, random);
    return in(direction).mapToLong(passes).reduce(nowNs, Math::max);
  }

  private Stream<LinkFault> in(Direction direction) {
    return faults.stream().filter(fault -> fault.direction().includes(direction));
  }

  /** A client's connection and that to the service; used on their event loop. */
  final class Connection {
    private final SocketChannel client;
    private final SocketChannel service;
    private final Flow up;
    private final Flow down;
    private boolean forgotten;

    private Connection(SocketChannel client, SocketChannel service) {
      this.client = client;
      this.service = service;
      up = new Flow(TcpLink.this, this, Direction.UP, client, service, seeds.split());
      down = new Flow(TcpLink.this, this, Direction.DOWN, service, client, seeds.split());
    }

    private void changed() {
      up.changed();
      down.changed();
    }

    /** Called when one flow has passed its end; both have then, and the connection is over. */
    void ended() {
      if (up.isOver() && down.isOver()) {
        close();
      }
    }

    void writable(Channel channel) {
      (channel == client ? down : up).pump();
    }

    void close() {
      client.close();
      service.close();
    }

    /** Resets the side at the end of a direction; BOTH: both sides. */
    void reset(Direction direction) {
      if (direction.includes(Direction.UP)) {
        Flow.reset(service);
      }
      if (direction.includes(Direction.DOWN)) {
        Flow.reset(client);
      }
    }

    /** From now on nothing passes, not even an end. */
    void forget() {
      forgotten = true;
    }

    boolean isForgotten() {
      return forgotten;
    }
  }
}
