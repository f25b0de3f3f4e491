package targets.relay.adapter;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
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
  protected Optional<FullHttpResponse> answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    boolean isChat = query.path().equals(StreamRequest.CHAT_PATH);
    HttpMethod allowed = isChat ? HttpMethod.POST : HttpMethod.GET;
    if (!isChat && !query.path().startsWith(StreamRequest.STREAM_PATH)) {
      return super.answer(ctx, request, query);
    }
    return request.method().equals(allowed)
        ? open(ctx, request, query)
        : Optional.of(Replies.wrongMethod(allowed.name()));
  }

  /** Opens a stream, or returns the refusal. */
  private Optional<FullHttpResponse> open(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    StreamRequest wanted;
    try {
      wanted = adapter.seam.request(StreamRequest.read(request, query));
    } catch (IllegalArgumentException e) {
      adapter.metrics.refused.increment();
      return Optional.of(Replies.error(HttpResponseStatus.BAD_REQUEST, e.getMessage()));
    }
    Optional<String> refusal = adapter.admit();
    if (refusal.isPresent()) {
      return refusal.map(Replies::unavailable);
    }
    boolean chunked =
        HttpUtil.isKeepAlive(request) && request.protocolVersion().isKeepAliveDefault();
    SseStream opened =
        new SseStream(new SseBody(ctx, chunked), wanted, adapter, () -> stream = null);
    stream = opened;
    adapter.seam.begin(ctx.channel().eventLoop(), opened::greet, opened::subscribe);
    return Optional.empty();
  }
}
