package bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Bare HTTP clients on Netty, all on one event loop. Thread-safe. */
public final class SseClients implements AutoCloseable {
  private static final int CONNECT_BOUND_MS = 10_000;
  private static final int STOP_BOUND_S = 2;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1,
          new DefaultThreadFactory("receiver", true),
          Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

  /** The event loop of all. */
  public EventLoop loop() {
    return group.next();
  }

  /**
   * What connects clients.
   *
   * @param url where to
   * @param channels takes each connection
   * @param reader makes the handler of each, which gets HTTP messages
   */
  public Bootstrap bootstrap(URI url, ChannelGroup channels, Supplier<ChannelHandler> reader) {
    return new Bootstrap()
        .group(loop())
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .remoteAddress(url.getHost(), url.getPort())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_BOUND_MS)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 1024, 16 * 1024))
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channels.add(channel);
                channel.pipeline().addLast(new HttpClientCodec(), reader.get());
              }
            });
  }

  /** Ends everything still open. */
  @Override
  public void close() {
    group.shutdownGracefully(0, STOP_BOUND_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
