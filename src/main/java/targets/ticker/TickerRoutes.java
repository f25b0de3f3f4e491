package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import settings.JwtPlan;
import targets.shared.HttpEdge;
import targets.shared.Json;
import targets.shared.Replies;
import targets.shared.Service;
import targets.shared.WebSocketUpgrade;

/** One connection while it speaks HTTP: pages, and the way to a WebSocket. */
final class TickerRoutes extends HttpEdge {
  private final Subscribers subscribers;
  private final WebSocketUpgrade upgrade;
  private final Optional<UnaryOperator<String>> mint;

  /** The mint, if there is one, gives out tokens for development. */
  TickerRoutes(
      Service service,
      Subscribers subscribers,
      WebSocketUpgrade upgrade,
      Optional<UnaryOperator<String>> mint) {
    super(service);
    this.subscribers = subscribers;
    this.upgrade = upgrade;
    this.mint = mint;
  }

  @Override
  protected Optional<FullHttpResponse> answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    String path = query.path();
    if (path.equals("/ws")) {
      return webSocket(ctx, request, query);
    }
    if (path.equals("/stats")) {
      boolean get = request.method().equals(HttpMethod.GET);
      return Optional.of(get ? stats() : Replies.wrongMethod("GET"));
    }
    return path.equals("/auth/token") && mint.isPresent()
        ? Optional.of(token(request, mint.get()))
        : super.answer(ctx, request, query);
  }

  private Optional<FullHttpResponse> webSocket(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    SocketChannel channel = (SocketChannel) ctx.channel();
    Admission.Answer answer =
        subscribers.admission.judge(channel.remoteAddress().getAddress(), request, query);
    if (answer instanceof Admission.Refused refused) {
      return Optional.of(refused.reply());
    }
    Subscriber subscriber = subscribers.of(channel, (Admission.Guest) answer);
    upgrade.perform(channel, request, subscriber, Admission.subprotocol(request));
    ctx.pipeline().remove(this);
    return Optional.empty();
  }

  private FullHttpResponse stats() {
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("connections", subscribers.metrics.active());
    stats.put("client_states", subscribers.clients.count());
    stats.put("max_connections", subscribers.settings.limits().maxConnections());
    stats.put("ping_latency", subscribers.metrics.latency());
    stats.put("feeds", subscribers.feeds.shown());
    return Replies.json(HttpResponseStatus.OK, stats);
  }

  private FullHttpResponse token(FullHttpRequest request, UnaryOperator<String> tokens) {
    if (!request.method().equals(HttpMethod.POST)) {
      return Replies.wrongMethod("POST");
    }
    Optional<String> user = user(request);
    if (user.isEmpty()) {
      return Replies.error(
          HttpResponseStatus.BAD_REQUEST, "write for example {\"userId\": \"user-1\"}");
    }
    subscribers.metrics.devTokens.increment();
    String token = tokens.apply(user.get());
    return Replies.json(
        HttpResponseStatus.OK, Map.of("token", token, "expiresIn", JwtPlan.DAY.toSeconds()));
  }

  private static Optional<String> user(FullHttpRequest request) {
    try {
      JsonNode body = Json.MAPPER.readTree(ByteBufUtil.getBytes(request.content()));
      String user = body == null ? "" : body.path(JwtPlan.USER_ID).asText("");
      return Optional.of(user).filter(JwtCheck::isUser);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
