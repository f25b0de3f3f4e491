package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import settings.TokenMint;
import settings.TokenPlan;
import targets.shared.HealthPages;
import targets.shared.Json;
import targets.shared.Replies;

/**
 * One connection as long as it speaks HTTP: pages, and the way to a WebSocket. It is closed when it
 * completes no request for a while, so that nobody holds a socket by saying little. Requests are
 * never logged, for their addresses hold tokens.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class HttpSide extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpSide.class);

  /**
   * What all of them share.
   *
   * @param mint gives tokens to whoever asks, if that is switched on
   */
  record Shared(
      TickerParts parts, HealthPages pages, Door door, Upgrade upgrade, Optional<TokenMint> mint) {}

  private final Shared shared;
  private Future<?> patience;

  HttpSide(Shared shared) {
    this.shared = shared;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    await(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    patience.cancel(false);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    patience.cancel(false);
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    Optional<QueryStringDecoder> query = query(request);
    if (query.isEmpty()) {
      Replies.send(
          ctx, HealthPages.error(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request"), false);
    } else if (query.get().path().equals("/ws")) {
      webSocket(ctx, request, query.get(), keepAlive);
    } else {
      Replies.send(ctx, page(request, query.get().path()), keepAlive);
      await(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Clients reset connections all the time; anything else is a mistake of ours.
    if (!(cause instanceof IOException)) {
      LOG.warn("a connection is closed after a failure: {}", cause.getClass().getName());
    }
    ctx.close();
  }

  private void webSocket(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      QueryStringDecoder query,
      boolean keepAlive) {
    SocketChannel channel = (SocketChannel) ctx.channel();
    Door.Answer answer = shared.door().knock(channel, request, query);
    if (answer instanceof Door.Answer.Welcome welcome) {
      shared.upgrade().perform(channel, request, welcome);
      ctx.pipeline().remove(this);
    } else if (answer instanceof Door.Answer.Refused refused) {
      Replies.send(ctx, refused.reply(), keepAlive);
      await(ctx);
    }
  }

  private FullHttpResponse page(FullHttpRequest request, String path) {
    return switch (path) {
      case "/stats" ->
          request.method().equals(HttpMethod.GET)
              ? Replies.json(HttpResponseStatus.OK, stats())
              : HealthPages.wrongMethod("GET");
      case "/auth/token" ->
          shared
              .mint()
              .map(mint -> token(request, mint))
              .orElseGet(() -> shared.pages().reply(request, path));
      default -> shared.pages().reply(request, path);
    };
  }

  private Map<String, Object> stats() {
    TickerParts parts = shared.parts();
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("connections", parts.metrics().active());
    stats.put("client_states", parts.audiences().known());
    stats.put("max_connections", parts.settings().limits().connections());
    stats.put("ping_latency", parts.metrics().latency.asMap());
    stats.put("feeds", parts.market().feeds());
    return stats;
  }

  private FullHttpResponse token(FullHttpRequest request, TokenMint mint) {
    if (!request.method().equals(HttpMethod.POST)) {
      return HealthPages.wrongMethod("POST");
    }
    Optional<String> user = user(request);
    if (user.isEmpty()) {
      return HealthPages.error(
          HttpResponseStatus.BAD_REQUEST, "write for example {\"userId\": \"user-1\"}");
    }
    shared.parts().metrics().devTokens.increment();
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("token", mint.mint(user.get()));
    reply.put("expiresIn", TokenPlan.DAY.toSeconds());
    return Replies.json(HttpResponseStatus.OK, reply);
  }

  private static Optional<String> user(FullHttpRequest request) {
    try {
      JsonNode body = Json.MAPPER.readTree(ByteBufUtil.getBytes(request.content()));
      String user = body == null ? "" : body.path(TokenPlan.USER_ID).asText("");
      boolean good = !user.isBlank() && user.length() <= TokenGate.USER_LENGTH_MAX;
      return good ? Optional.of(user) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Path and query; empty for what is no request. */
  private static Optional<QueryStringDecoder> query(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return Optional.empty();
    }
    try {
      QueryStringDecoder query = new QueryStringDecoder(request.uri());
      query.path();
      query.parameters();
      return Optional.of(query);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void await(ChannelHandlerContext ctx) {
    long ms = shared.parts().settings().times().httpIdle().toMillis();
    patience = ctx.executor().schedule(() -> ctx.close(), ms, TimeUnit.MILLISECONDS);
  }
}
