package targets.auction.broadcast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.auction.Names;
import targets.shared.HealthPages;
import targets.shared.Replies;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;
import targets.shared.Troubles;

/** A connection before it is a viewer: pages, and the handshake. */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class BroadcastConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastConnection.class);
  private static final String WATCH = "/ws/items/";
  private static final String STATS = "/stats/items/";
  private static final int UPGRADE_REQUIRED = 426;
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  /** Viewers have nothing to say: a longer frame is refused with 1009. */
  private static final int FRAME_MAX = 1024;

  private static final WebSocketDecoderConfig DECODER =
      WebSocketDecoderConfig.newBuilder()
          .maxFramePayloadLength(FRAME_MAX)
          .allowExtensions(false)
          .closeOnProtocolViolation(false)
          .build();

  /** What all connections share. */
  record Parts(
      Feeds feeds,
      BroadcastMetrics metrics,
      StreamSlots slots,
      HealthPages pages,
      Troubles troubles,
      Pinger pinger,
      Supplier<Optional<String>> unready) {}

  private final Parts parts;

  BroadcastConnection(Parts parts) {
    this.parts = parts;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (request.decoderResult().isFailure() || BAD_ESCAPE.matcher(request.uri()).find()) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, "this is no HTTP request", false);
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    String path = new QueryStringDecoder(request.uri()).path();
    if (path.startsWith(WATCH)) {
      watch(ctx, request, path.substring(WATCH.length()));
    } else if (path.startsWith(STATS)) {
      stats(ctx, path.substring(STATS.length()), keepAlive);
    } else {
      Replies.send(ctx, parts.pages().reply(request, path), keepAlive);
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

  private void stats(ChannelHandlerContext ctx, String itemId, boolean keepAlive) {
    if (!Names.isItemId(itemId)) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, badId(), keepAlive);
      return;
    }
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("itemId", itemId);
    stats.put("subscribers", parts.feeds().viewers(itemId));
    Replies.send(ctx, Replies.json(HttpResponseStatus.OK, stats), keepAlive);
  }

  private void watch(ChannelHandlerContext ctx, FullHttpRequest request, String itemId) {
    boolean upgrade =
        request.method().equals(HttpMethod.GET)
            && request
                .headers()
                .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    if (!Names.isItemId(itemId)) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, badId(), false);
    } else if (!upgrade) {
      refuse(ctx, HttpResponseStatus.valueOf(UPGRADE_REQUIRED), "this path is a WebSocket", false);
    } else if (parts.troubles().strike()) {
      refuse(ctx, HttpResponseStatus.INTERNAL_SERVER_ERROR, "a planted error", false);
    } else {
      admit(ctx, request, itemId);
    }
  }

  private void admit(ChannelHandlerContext ctx, FullHttpRequest request, String itemId) {
    Optional<String> reason = parts.unready().get();
    if (reason.isEmpty() && parts.slots().take() != Grant.TAKEN) {
      reason = Optional.of("all places are taken");
    }
    if (reason.isPresent()) {
      refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, reason.get(), false);
      return;
    }
    ctx.channel().closeFuture().addListener(unused -> parts.slots().giveBack());
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(null, null, DECODER).newHandshaker(request);
    if (handshaker == null) {
      refuse(
          ctx,
          HttpResponseStatus.valueOf(UPGRADE_REQUIRED),
          "the version of WebSocket must be 13",
          false);
      return;
    }
    ViewerHandler viewer = new ViewerHandler(itemId, parts);
    handshaker
        .handshake(ctx.channel(), request)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                ctx.pipeline().replace(this, null, viewer);
              } else {
                ctx.close();
              }
            });
  }

  private void refuse(
      ChannelHandlerContext ctx, HttpResponseStatus status, String reason, boolean keepAlive) {
    parts.metrics().refused.increment();
    FullHttpResponse reply = HealthPages.error(status, reason);
    if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    if (status.code() == UPGRADE_REQUIRED) {
      reply.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
      reply.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
    }
    Replies.send(ctx, reply, keepAlive);
  }

  private static String badId() {
    return "an item's id has " + Names.ITEM_ID_WORDS;
  }
}
