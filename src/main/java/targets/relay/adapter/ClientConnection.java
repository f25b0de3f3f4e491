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
final class ClientConnection extends HttpEdge {
  private final AdapterServer adapter;

  ClientConnection(AdapterServer adapter) {
    super(adapter.service);
    this.adapter = adapter;
  }

  /** Ends the stream, if there is one, because the adapter stops; on the event loop. */
  void cutOff() {
    if (stream instanceof SseStream sse) {
      sse.cutOff();
    }
  }

  @Override
  protected void answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    boolean isChat = query.path().equals(StreamRequest.CHAT_PATH);
    HttpMethod allowed = isChat ? HttpMethod.POST : HttpMethod.GET;
    if (!isChat && !query.path().startsWith(StreamRequest.STREAM_PATH)) {
      super.answer(ctx, request, query);
    } else if (!request.method().equals(allowed)) {
      Replies.send(ctx, Replies.wrongMethod(allowed.name()), HttpUtil.isKeepAlive(request));
    } else {
      open(ctx, request, query);
    }
  }

  private void open(ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    StreamRequest wanted;
    try {
      wanted = adapter.seam.request(StreamRequest.read(request, query));
    } catch (IllegalArgumentException e) {
      adapter.metrics.refused.increment();
      Replies.send(ctx, Replies.error(HttpResponseStatus.BAD_REQUEST, e.getMessage()), keepAlive);
      return;
    }
    Optional<String> refusal = adapter.admit();
    if (refusal.isPresent()) {
      Replies.send(ctx, Replies.unavailable(refusal.get()), keepAlive);
      return;
    }
    boolean chunked = keepAlive && request.protocolVersion().isKeepAliveDefault();
    SseStream opened =
        new SseStream(new SseBody(ctx, chunked), wanted, adapter, () -> stream = null);
    stream = opened;
    adapter.seam.begin(ctx.channel().eventLoop(), opened::greet, opened::subscribe);
  }
}
