package targets.shared;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection of a service, used on its event loop. By itself it answers requests for the
 * pages of its service; one with more to offer overrides {@link #answer}. What is no HTTP request
 * gets 400 and the end of the connection. A connection may have a stream, one at a time, which
 * takes no further requests. Requests are never logged: their addresses may hold tokens.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
public class HttpEdge extends SimpleChannelInboundHandler<FullHttpRequest> {
  /** What has a connection for itself, on its event loop. */
  public interface Stream {
    /** The channel's outbox is full, or is so no more. */
    void writabilityChanged();

    /** The connection is gone. */
    void disconnected();
  }

  private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  private final Service service;

  /** The stream of this connection, from its begin to its last byte; else null. */
  protected Stream stream;

  public HttpEdge(Service service) {
    this.service = service;
  }

  /** Fills a pipeline with the service's HTTP, whole requests up to a limit, and an edge. */
  public static void fill(SocketChannel channel, int bodyBytesMax, HttpEdge edge) {
    edge.service.fill(channel, new HttpObjectAggregator(bodyBytesMax), edge);
  }

  /**
   * Returns path and parameters; empty for what is no HTTP request, stray percent signs included.
   */
  public static Optional<QueryStringDecoder> query(HttpRequest request) {
    // The decoder itself would throw, but only when it is read.
    boolean readable =
        request.decoderResult().isSuccess() && !BAD_ESCAPE.matcher(request.uri()).find();
    return readable ? Optional.of(new QueryStringDecoder(request.uri())) : Optional.empty();
  }

  /** Closes a connection after a failure; logs it unless the client broke the connection. */
  public static void close(ChannelHandlerContext ctx, Throwable cause) {
    // Clients break connections off all the time; anything else is a mistake of ours.
    if (!(cause instanceof IOException || cause instanceof PrematureChannelClosureException)) {
      LOG.warn("connection closed after a failure", cause);
    }
    ctx.close();
  }

  /**
   * Answers a request, whose path and parameters are read.
   *
   * @return the whole reply; empty if it was sent, or something else has the connection now
   */
  protected Optional<FullHttpResponse> answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    return Optional.of(service.reply(request, query.path()));
  }

  /** Answers a bad request, such as one that is not HTTP; the connection ends. */
  protected void refuse(ChannelHandlerContext ctx, String reason) {
    Replies.send(ctx, Replies.error(HttpResponseStatus.BAD_REQUEST, reason), false);
  }

  @Override
  protected final void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    Optional<QueryStringDecoder> query = query(request);
    if (stream != null) {
      ctx.close(); // The client gave its stream up.
    } else if (query.isPresent()) {
      answer(ctx, request, query.get())
          .ifPresent(reply -> Replies.send(ctx, reply, HttpUtil.isKeepAlive(request)));
    } else {
      refuse(ctx, "this is no HTTP request");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Replies.readOn(ctx.channel());
    if (stream != null) {
      stream.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (stream != null) {
      stream.disconnected();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    close(ctx, cause);
  }
}
