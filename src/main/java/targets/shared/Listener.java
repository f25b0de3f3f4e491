package targets.shared;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import settings.BadSettings;

/** A listening TCP socket whose accepted connections are handed to a target's pipeline. */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final Channel channel;

  private Listener(Channel channel) {
    this.channel = channel;
  }

  /**
   * Binds.
   *
   * @param loops accept and serve
   * @param host address to bind
   * @param port port to bind, 0 for any
   * @param pipeline fills the pipeline of each accepted connection
   * @throws BadSettings if the address cannot be bound, for example because the port is in use
   */
  public static Listener bind(
      EventLoops loops, String host, int port, Consumer<SocketChannel> pipeline) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
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
    return new Listener(bound.channel());
  }

  /** Returns the error of an address that cannot be bound. */
  public static BadSettings cannotListen(String host, int port, Throwable cause) {
    return new BadSettings(
        List.of(
            "--port: cannot listen on "
                + host
                + ":"
                + port
                + " ("
                + cause.getMessage()
                + "); stop what uses it, or choose another port, 0 for any"));
  }

  /** The port bound. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Stops accepting; connections already accepted live on. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }
}
