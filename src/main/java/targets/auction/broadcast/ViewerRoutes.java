package targets.auction.broadcast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;
import targets.auction.Names;
import targets.auction.broadcast.BroadcastServer.Figures.End;
import targets.shared.CloseReason;
import targets.shared.HttpEdge;
import targets.shared.Json;
import targets.shared.PushClient;
import targets.shared.PushClients;
import targets.shared.PushMessage;
import targets.shared.Replies;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.WebSocketUpgrade;

/**
 * One connection while it speaks HTTP; admits viewers up to a limit, and attaches each to its
 * item's feed.
 */
final class ViewerRoutes extends HttpEdge {
  private static final String WATCH = "/ws/items/";
  private static final String STATS = "/stats/items/";

  /** A longer frame of a viewer is refused with 1009; viewers only send control frames. */
  private static final int FRAME_BYTES_MAX = 1024;

  private static final WebSocketUpgrade UPGRADE = new WebSocketUpgrade(FRAME_BYTES_MAX, false);

  private record Stats(String itemId, int subscribers) {}

  private record Welcome(String type, String itemId, String clientId) {}

  private final Service service;
  private final PushClients clients;
  private final StreamSlots slots;
  private final ItemFeeds feeds;

  ViewerRoutes(Service service, PushClients clients, StreamSlots slots, ItemFeeds feeds) {
    super(service);
    this.service = service;
    this.clients = clients;
    this.slots = slots;
    this.feeds = feeds;
  }

  @Override
  protected Optional<FullHttpResponse> answer(
      ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder query) {
    String path = query.path();
    boolean watches = path.startsWith(WATCH);
    if (!watches && !path.startsWith(STATS)) {
      return super.answer(ctx, request, query);
    }
    String itemId = path.substring((watches ? WATCH : STATS).length());
    if (!Names.isItemId(itemId)) {
      refuse(ctx, "an item's id has " + Names.ITEM_ID_WORDS);
    } else if (watches) {
      watch(ctx, request, itemId);
    } else {
      Stats stats = new Stats(itemId, feeds.viewers(itemId));
      return Optional.of(Replies.json(HttpResponseStatus.OK, stats));
    }
    return Optional.empty();
  }

  @Override
  protected void refuse(ChannelHandlerContext ctx, String reason) {
    refuse(ctx, Replies.error(HttpResponseStatus.BAD_REQUEST, reason));
  }

  private void watch(ChannelHandlerContext ctx, FullHttpRequest request, String itemId) {
    Optional<String> unready = service.unready();
    if (!WebSocketUpgrade.isRequested(request)) {
      refuse(ctx, WebSocketUpgrade.required("this path is a WebSocket of version 13"));
    } else if (unready.isPresent() || !slots.take()) {
      refuse(ctx, Replies.unavailable(unready.orElse("the viewer limit is reached")));
    } else {
      SocketChannel channel = (SocketChannel) ctx.channel();
      UPGRADE.perform(channel, request, new Viewer(channel, itemId), Optional.empty());
      ctx.pipeline().remove(this);
    }
  }

  private void refuse(ChannelHandlerContext ctx, FullHttpResponse reply) {
    feeds.counters.refused.increment();
    Replies.send(ctx, reply, false);
  }

  private final class Viewer extends PushClient<PushMessage> {
    private final String clientId;
    private final String itemId;

    Viewer(SocketChannel channel, String itemId) {
      super(clients, channel);
      clientId = channel.id().asShortText();
      this.itemId = itemId;
    }

    @Override
    protected void opened() {
      feeds.counters.came.increment();
      send(Json.bytes(new Welcome("connected", itemId, clientId)));
      feeds.join(itemId, this);
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
