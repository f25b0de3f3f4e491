package targets.events;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import targets.events.StreamRequest.Kind;
import targets.shared.HttpEdge;
import targets.shared.Replies;
import targets.shared.SseBody;

/**
 * One connection of HTTP/1, or one stream of HTTP/2: pages, publishing, and one stream of events at
 * a time, which takes no further requests.
 */
final class EventsEdge extends HttpEdge {
  private record Published(long id, long listeners) {}

  private final EventsServer server;

  EventsEdge(EventsServer server) {
    super(server.service);
    this.server = server;
  }

  @Override
  protected Optional<FullHttpResponse> answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    Optional<Kind> kind =
        Arrays.stream(Kind.values()).filter(each -> each.path.equals(query.path())).findFirst();
    boolean isBroadcast = kind.filter(Kind.BROADCAST::equals).isPresent();
    if (kind.isEmpty()) {
      return super.answer(ctx, request, query);
    }
    if (request.method().equals(HttpMethod.GET)) {
      return open(ctx, request, query, kind.get());
    }
    return Optional.of(
        isBroadcast && request.method().equals(HttpMethod.POST)
            ? publish(request)
            : Replies.wrongMethod(isBroadcast ? "GET, POST" : "GET"));
  }

  private FullHttpResponse publish(FullHttpRequest request) {
    if (server.service.isStopping()) {
      return Replies.unavailable("the server is stopping");
    }
    String data = request.content().toString(StandardCharsets.UTF_8);
    if (data.isEmpty()) {
      String reason = "the body is empty; it must be the data of an event";
      return Replies.error(HttpResponseStatus.BAD_REQUEST, reason);
    }
    server.metrics.published.increment();
    long id = server.feed.publish(data);
    return Replies.json(HttpResponseStatus.OK, new Published(id, server.feed.streams()));
  }

  /** Opens a stream, or returns the refusal. */
  private Optional<FullHttpResponse> open(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query, Kind kind) {
    StreamRequest wanted;
    try {
      wanted = StreamRequest.read(kind, request, query).resumed(server.seam);
    } catch (IllegalArgumentException e) {
      server.metrics.refused.increment();
      return Optional.of(Replies.error(HttpResponseStatus.BAD_REQUEST, e.getMessage()));
    }
    if (wanted.lastEventId().orElse(0) >= wanted.last()) {
      return Optional.of(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT));
    }
    Optional<String> reason = server.admit(wanted);
    if (reason.isPresent()) {
      return reason.map(Replies::unavailable);
    }
    boolean isHttp2 = ctx.pipeline().get(HttpServerCodec.class) == null;
    boolean chunked = !isHttp2 && request.protocolVersion().isKeepAliveDefault();
    boolean keepAlive = HttpUtil.isKeepAlive(request) && (chunked || isHttp2);
    SseBody body = new SseBody(ctx, chunked);
    EventStream opened = new EventStream(server, body, wanted, keepAlive, () -> stream = null);
    stream = opened;
    opened.begin();
    return Optional.empty();
  }
}
