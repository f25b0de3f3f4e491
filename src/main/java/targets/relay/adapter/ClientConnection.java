package targets.relay.adapter;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Optional;
import targets.relay.adapter.StreamRequest.Read;
import targets.shared.HealthPages;
import targets.shared.HttpEdge;
import targets.shared.Replies;

/** One client connection: pages, and one stream at a time. A stream takes no further requests. */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class ClientConnection extends HttpEdge {
  private final Streams streams;
  private SseStream stream;

  ClientConnection(Streams streams) {
    super(streams.service().pages());
    this.streams = streams;
  }

  /** Returns a 503 with the reason and the time to come again. */
  static FullHttpResponse unavailable(String reason) {
    FullHttpResponse reply = HealthPages.error(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    return reply;
  }

  /** Ends the stream, if there is one, because the adapter stops; on the event loop. */
  void cutOff() {
    if (stream != null) {
      stream.cutOff();
    }
  }

  @Override
  protected void answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    if (stream != null) {
      ctx.close(); // The client gave its stream up.
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    Read read = StreamRequest.read(request, query);
    if (read instanceof Read.Good good) {
      begin(ctx, good.request(), keepAlive && request.protocolVersion().isKeepAliveDefault());
    } else if (read instanceof Read.Bad bad) {
      streams.metrics().refused.increment();
      Replies.send(ctx, HealthPages.error(HttpResponseStatus.BAD_REQUEST, bad.reason()), keepAlive);
    } else if (read instanceof Read.WrongMethod wrong) {
      Replies.send(ctx, HealthPages.wrongMethod(wrong.allowed()), keepAlive);
    } else {
      super.answer(ctx, request, query);
    }
  }

  @Override
  protected void refuse(ChannelHandlerContext ctx, String reason) {
    if (stream != null) {
      ctx.close();
    } else {
      super.refuse(ctx, reason);
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

  private void begin(ChannelHandlerContext ctx, StreamRequest request, boolean keepAlive) {
    Optional<String> refusal = streams.admit();
    if (refusal.isPresent()) {
      Replies.send(ctx, unavailable(refusal.get()), keepAlive);
      return;
    }
    SseWriter writer = new SseWriter(ctx, keepAlive, streams.metrics().bytes);
    StreamRequest used = streams.seam().request(request);
    stream = new SseStream(writer, used, streams, () -> stream = null);
    streams.seam().begin(stream);
  }
}
