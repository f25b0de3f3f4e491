package targets.shared;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.function.LongSupplier;
import settings.BadSettings;

/**
 * What a target listens with that answers nothing but requests for its {@link HealthPages}: one
 * event loop, on which its planted troubles strike too.
 */
public final class PageListener implements AutoCloseable {
  private static final int BODY_BYTES_MAX = 1024;

  private final HealthPages pages;
  private final EventLoops loops;
  private final Troubles troubles;
  private final Listener listener;

  /**
   * Where a target listens.
   *
   * @param name of its event loop
   * @param host address
   * @param port 0 for any
   */
  public record Place(String name, String host, int port) {}

  /**
   * Listens from now on.
   *
   * @param place where
   * @param pages that are answered
   * @param defects whose troubles strike
   * @param nanoClock of the troubles
   * @throws BadSettings if the port cannot be bound
   */
  public PageListener(Place place, HealthPages pages, Defects defects, LongSupplier nanoClock) {
    this.pages = pages;
    loops = new EventLoops(place.name(), 1);
    troubles = Troubles.start(defects.troubles(), loops.group(), nanoClock);
    try {
      listener = Listener.bind(loops, place.host(), place.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
  }

  /** The port that is bound. */
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    listener.close();
    troubles.close();
    loops.close();
  }

  private void accept(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new Page());
  }

  private final class Page extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      String path = new QueryStringDecoder(request.uri()).rawPath();
      Replies.send(ctx, pages.reply(request, path), HttpUtil.isKeepAlive(request));
    }
  }
}
