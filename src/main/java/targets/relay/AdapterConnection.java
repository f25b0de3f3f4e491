package targets.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.relay.StreamRequest.Read;
import targets.shared.HealthPages;
import targets.shared.Replies;
import targets.shared.StreamSlots.Grant;
import targets.shared.Troubles;

/** One client connection: a page at once, or a stream. A stream takes no further requests. */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class AdapterConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterConnection.class);
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  private final AdapterParts parts;
  private final HealthPages pages;
  private final Troubles troubles;
  private final Supplier<Optional<String>> unready;
  private SseStream stream;

  /**
   * @param troubles told about each stream that is about to begin
   * @param unready why no stream can be begun; empty if it can
   */
  AdapterConnection(
      AdapterParts parts,
      HealthPages pages,
      Troubles troubles,
      Supplier<Optional<String>> unready) {
    this.parts = parts;
    this.pages = pages;
    this.troubles = troubles;
    this.unready = unready;
  }

  /**
   * Ends the stream, if there is one, with the reason that the adapter stops; on the event loop.
   */
  void cutShort() {
    if (stream != null) {
      stream.cutShort();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (stream != null) {
      ctx.close(); // It does not listen to its stream any more, or never did.
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    if (request.decoderResult().isFailure() || BAD_ESCAPE.matcher(request.uri()).find()) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, "this is no HTTP request", false);
      return;
    }
    QueryStringDecoder query = new QueryStringDecoder(request.uri());
    Read read = StreamRequest.read(request, query);
    if (read instanceof Read.Good good) {
      begin(ctx, good.request(), keepAlive && request.protocolVersion().isKeepAliveDefault());
    } else if (read instanceof Read.Bad bad) {
      parts.metrics().refused.increment();
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, bad.reason(), keepAlive);
    } else if (read instanceof Read.WrongMethod wrong) {
      Replies.send(ctx, HealthPages.wrongMethod(wrong.allowed()), keepAlive);
    } else {
      Replies.send(ctx, pages.reply(request, query.path()), keepAlive);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
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
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Clients reset connections all the time; anything else is a mistake of ours.
    if (!(cause instanceof IOException)) {
      LOG.warn("connection closed after a failure", cause);
    }
    ctx.close();
  }

  /** Replies with an error; a client that was too early is told when to come again. */
  static void refuse(
      ChannelHandlerContext ctx, HttpResponseStatus status, String reason, boolean keepAlive) {
    FullHttpResponse reply = HealthPages.error(status, reason);
    if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    Replies.send(ctx, reply, keepAlive);
  }

  private void begin(ChannelHandlerContext ctx, StreamRequest request, boolean keepAlive) {
    if (troubles.strike()) {
      refuse(ctx, HttpResponseStatus.INTERNAL_SERVER_ERROR, "a planted error", keepAlive);
      return;
    }
    Optional<String> reason = unready.get();
    if (reason.isEmpty() && parts.slots().take() != Grant.TAKEN) {
      reason = Optional.of("all " + parts.settings().maxStreams() + " streams are taken");
    }
    if (reason.isPresent()) {
      parts.metrics().refused.increment();
      refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, reason.get(), keepAlive);
      return;
    }
    stream = new SseStream(ctx, request, parts, keepAlive, () -> stream = null);
    stream.begin();
  }
}
