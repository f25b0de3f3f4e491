package targets.shared;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops of one target: epoll where the kernel has it, NIO elsewhere. */
public final class EventLoops implements AutoCloseable {
  private static final int STOP_BOUND_S = 2;

  private final MultiThreadIoEventLoopGroup group;

  /**
   * @param name names the threads
   * @param threads how many loops, at least 1
   */
  public EventLoops(String name, int threads) {
    IoHandlerFactory factory =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
  }

  /** The loops themselves. */
  public MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /** The kind of listening socket that goes with the loops. */
  public Class<? extends ServerSocketChannel> serverChannel() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The kind of connecting socket that goes with the loops. */
  public static Class<? extends SocketChannel> clientChannel() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** Stops the loops; waits at most {@value #STOP_BOUND_S} s. */
  @Override
  public void close() {
    group.shutdownGracefully(0, STOP_BOUND_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
