package targets.auction.broadcast;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.LinkedHashMap;
import java.util.Map;
import targets.auction.broadcast.BroadcastCounters.End;
import targets.shared.CloseReason;
import targets.shared.Json;
import targets.shared.PushClient;
import targets.shared.PushClients;
import targets.shared.PushMessage;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;
import targets.shared.WebSocketUpgrade;

/** Admits viewers up to a limit, and attaches each to its item's feed. Thread-safe. */
final class Viewers {
  /** A longer frame of a viewer is refused with 1009; viewers only send control frames. */
  private static final int FRAME_BYTES_MAX = 1024;

  private final WebSocketUpgrade upgrade = new WebSocketUpgrade(FRAME_BYTES_MAX, false);
  private final PushClients clients;
  private final StreamSlots slots;
  private final ItemFeeds feeds;
  private final BroadcastCounters counters;

  Viewers(PushClients clients, StreamSlots slots, ItemFeeds feeds, BroadcastCounters counters) {
    this.clients = clients;
    this.slots = slots;
    this.feeds = feeds;
    this.counters = counters;
  }

  /** Completes a handshake; returns false if the limit is reached. */
  boolean admit(SocketChannel channel, FullHttpRequest request, String itemId) {
    if (slots.take() != Grant.TAKEN) {
      return false;
    }
    upgrade.perform(channel, request, new Viewer(channel, itemId));
    return true;
  }

  /** Returns the number of an item's viewers. */
  int of(String itemId) {
    return feeds.viewers(itemId);
  }

  /** Counts a request that was refused. */
  void refused() {
    counters.refused.increment();
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
      counters.came.increment();
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
      counters.messages.increment();
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
      counters.ended.get(end).increment();
      feeds.leave(itemId);
    }
  }
}
