package targets.shared;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import settings.BadSettings;

/** The event loops of one target: epoll where the kernel has it, NIO elsewhere. */
public final class EventLoops implements AutoCloseable {
  private static final int STOP_BOUND_S = 2;
  private static final int BACKLOG = 4096;

  private final MultiThreadIoEventLoopGroup group;

  EventLoops(String name, int threads) {
    var factory = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
  }

  /** Returns the loops themselves. */
  public MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /** Returns the kind of connecting socket that goes with the loops. */
  public static Class<? extends SocketChannel> clientChannel() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** Listens until the channel is closed; connections already accepted live on. */
  Channel listen(String host, int port, Consumer<SocketChannel> pipeline) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    pipeline.accept(channel);
                  }
                })
            .bind(host, port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(host, port, bound.cause());
    }
    return bound.channel();
  }

  /** Returns the error of an address that cannot be bound. */
  public static BadSettings cannotListen(String host, int port, Throwable cause) {
    String text =
        "--port: cannot listen on %s:%d (%s); stop what uses it, or choose another port, 0 for any";
    return new BadSettings(List.of(text.formatted(host, port, cause.getMessage())));
  }

  /** Stops the loops; waits at most {@value #STOP_BOUND_S} s. */
  @Override
  public void close() {
    group.shutdownGracefully(0, STOP_BOUND_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
