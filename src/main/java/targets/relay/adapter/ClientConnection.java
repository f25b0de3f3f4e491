package targets.relay.adapter;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Optional;
import targets.shared.HttpEdge;
import targets.shared.Replies;
import targets.shared.SseBody;

/** One client connection: pages, and one stream at a time. A stream takes no further requests. */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class ClientConnection extends HttpEdge {
  private final AdapterServer adapter;
  private SseStream stream;

  ClientConnection(AdapterServer adapter) {
    super(adapter.service);
    this.adapter = adapter;
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
    boolean isChat = query.path().equals(StreamRequest.CHAT_PATH);
    HttpMethod allowed = isChat ? HttpMethod.POST : HttpMethod.GET;
    if (stream != null) {
      ctx.close(); // The client gave its stream up.
    } else if (!isChat && !query.path().startsWith(StreamRequest.STREAM_PATH)) {
      super.answer(ctx, request, query);
    } else if (!request.method().equals(allowed)) {
      Replies.send(ctx, Replies.wrongMethod(allowed.name()), HttpUtil.isKeepAlive(request));
    } else {
      open(ctx, request, StreamRequest.read(request, query));
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

  private void open(ChannelHandlerContext ctx, FullHttpRequest request, StreamRequest.Read read) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    if (read instanceof StreamRequest.Bad bad) {
      adapter.metrics.refused.increment();
      Replies.send(ctx, Replies.error(HttpResponseStatus.BAD_REQUEST, bad.reason()), keepAlive);
      return;
    }
    Optional<String> refusal = adapter.admit();
    if (refusal.isPresent()) {
      Replies.send(ctx, Replies.unavailable(refusal.get()), keepAlive);
      return;
    }
    StreamRequest wanted = adapter.seam.request(((StreamRequest.Good) read).request());
    boolean chunked = keepAlive && request.protocolVersion().isKeepAliveDefault();
    stream = new SseStream(new SseBody(ctx, chunked), wanted, adapter, () -> stream = null);
    adapter.seam.begin(ctx.channel().eventLoop(), stream::greet, stream::subscribe);
  }
}
