package targets.auction.broadcast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import targets.auction.Names;
import targets.auction.broadcast.BroadcastCounters.End;
import targets.shared.CloseReason;
import targets.shared.HttpEdge;
import targets.shared.Json;
import targets.shared.PushClient;
import targets.shared.PushClients;
import targets.shared.PushMessage;
import targets.shared.Replies;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;
import targets.shared.WebSocketUpgrade;

/** Admits viewers up to a limit, and attaches each to its item's feed. Thread-safe. */
final class Viewers {
  private static final String WATCH = "/ws/items/";
  private static final String STATS = "/stats/items/";

  /** A longer frame of a viewer is refused with 1009; viewers only send control frames. */
  private static final int FRAME_BYTES_MAX = 1024;

  private final WebSocketUpgrade upgrade = new WebSocketUpgrade(FRAME_BYTES_MAX, false);
  private final Service service;
  private final PushClients clients;
  private final StreamSlots slots;
  private final ItemFeeds feeds;

  Viewers(Service service, PushClients clients, StreamSlots slots, ItemFeeds feeds) {
    this.service = service;
    this.clients = clients;
    this.slots = slots;
    this.feeds = feeds;
  }

  /** Returns the handler of one connection's requests, before it becomes a viewer. */
  HttpEdge edge() {
    return new Edge();
  }

  private final class Edge extends HttpEdge {
    Edge() {
      super(service);
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
      feeds.counters.refused.increment();
      super.refuse(ctx, reason);
    }

    private void stats(ChannelHandlerContext ctx, String itemId, boolean keepAlive) {
      if (!Names.isItemId(itemId)) {
        refuse(ctx, badId(), keepAlive);
        return;
      }
      Map<String, Object> stats = new LinkedHashMap<>();
      stats.put("itemId", itemId);
      stats.put("subscribers", feeds.viewers(itemId));
      Replies.send(ctx, Replies.json(HttpResponseStatus.OK, stats), keepAlive);
    }

    private void watch(ChannelHandlerContext ctx, FullHttpRequest request, String itemId) {
      Optional<String> unready = service.unready();
      if (!Names.isItemId(itemId)) {
        refuse(ctx, badId(), false);
      } else if (!WebSocketUpgrade.isRequested(request)) {
        refuse(ctx, WebSocketUpgrade.required("this path is a WebSocket of version 13"), false);
      } else if (unready.isPresent() || slots.take() != Grant.TAKEN) {
        String reason = unready.orElse("the viewer limit is reached");
        FullHttpResponse reply = Replies.error(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
        reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        refuse(ctx, reply, false);
      } else {
        SocketChannel channel = (SocketChannel) ctx.channel();
        upgrade.perform(channel, request, new Viewer(channel, itemId));
        ctx.pipeline().remove(this);
      }
    }

    private void refuse(ChannelHandlerContext ctx, FullHttpResponse reply, boolean keepAlive) {
      feeds.counters.refused.increment();
      Replies.send(ctx, reply, keepAlive);
    }

    private static FullHttpResponse badId() {
      return Replies.error(
          HttpResponseStatus.BAD_REQUEST, "an item's id has " + Names.ITEM_ID_WORDS);
    }
  }

  private final class Viewer extends PushClient<PushMessage> {
    private final String clientId;
    private final String itemId;

    Viewer(SocketChannel channel, String itemId) {
      super(clients, channel);
      this.clientId = channel.id().asShortText();
      this.itemId = itemId;
    }

    @Override
    protected void opened() {
      feeds.counters.came.increment();
      Map<String, Object> welcome = new LinkedHashMap<>();
      welcome.put("type", "connected");
      welcome.put("itemId", itemId);
      welcome.put("clientId", clientId);
      send(Json.bytes(welcome));
      feeds.join(itemId, this);
    }

    @Override
    protected boolean wants(PushMessage message) {
      return true;
    }

    @Override
    protected boolean admits(WebSocketFrame frame) {
      return true;
    }

    @Override
    protected void received(WebSocketFrame frame) {
      feeds.counters.messages.increment();
    }

    @Override
    protected void closed(CloseReason why) {
      ended(End.of(why));
    }

    @Override
    protected void left(int code) {
      ended(End.LEFT);
    }

    @Override
    protected void disconnected() {
      slots.giveBack();
    }

    private void ended(End end) {
      feeds.counters.ended.get(end).increment();
      feeds.leave(itemId);
    }
  }
}
