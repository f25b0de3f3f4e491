package targets.auction.broadcast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import targets.auction.Names;
import targets.shared.HttpEdge;
import targets.shared.Replies;
import targets.shared.Service;
import targets.shared.WebSocketUpgrade;

/** The HTTP requests of one connection, before it becomes a viewer. */
final class BroadcastEdge extends HttpEdge {
  private static final String WATCH = "/ws/items/";
  private static final String STATS = "/stats/items/";

  private final Service service;
  private final Viewers viewers;

  BroadcastEdge(Service service, Viewers viewers) {
    super(service);
    this.service = service;
    this.viewers = viewers;
  }

  @Override
  protected void answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    String path = query.path();
    if (path.startsWith(WATCH)) {
      watch(ctx, request, path.substring(WATCH.length()));
    } else if (path.startsWith(STATS)) {
      stats(ctx, path.substring(STATS.length()), HttpUtil.isKeepAlive(request));
    } else {
      super.answer(ctx, request, query);
    }
  }

  @Override
  protected void refuse(ChannelHandlerContext ctx, String reason) {
    viewers.refused();
    super.refuse(ctx, reason);
  }

  private void stats(ChannelHandlerContext ctx, String itemId, boolean keepAlive) {
    if (!Names.isItemId(itemId)) {
      refuse(ctx, badId(), keepAlive);
      return;
    }
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("itemId", itemId);
    stats.put("subscribers", viewers.of(itemId));
    Replies.send(ctx, Replies.json(HttpResponseStatus.OK, stats), keepAlive);
  }

  private void watch(ChannelHandlerContext ctx, FullHttpRequest request, String itemId) {
    if (!Names.isItemId(itemId)) {
      refuse(ctx, badId(), false);
      return;
    }
    if (!WebSocketUpgrade.isRequested(request)) {
      refuse(ctx, WebSocketUpgrade.required("this path is a WebSocket of version 13"), false);
      return;
    }
    Optional<String> reason = service.unready();
    if (reason.isEmpty() && viewers.admit((SocketChannel) ctx.channel(), request, itemId)) {
      ctx.pipeline().remove(this);
      return;
    }
    FullHttpResponse reply =
        Replies.error(
            HttpResponseStatus.SERVICE_UNAVAILABLE, reason.orElse("the viewer limit is reached"));
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    refuse(ctx, reply, false);
  }

  private void refuse(ChannelHandlerContext ctx, FullHttpResponse reply, boolean keepAlive) {
    viewers.refused();
    Replies.send(ctx, reply, keepAlive);
  }

  private static FullHttpResponse badId() {
    return Replies.error(HttpResponseStatus.BAD_REQUEST, "an item's id has " + Names.ITEM_ID_WORDS);
  }
}
