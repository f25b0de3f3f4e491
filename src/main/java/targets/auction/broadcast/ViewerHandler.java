package targets.auction.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.auction.broadcast.BroadcastMetrics.End;
import targets.shared.Json;

/** A viewer's side of its connection: pings, farewells, and what it should not have sent. */
@SuppressWarnings("FutureReturnValueIgnored") // A write cannot fail in a way that matters.
final class ViewerHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(ViewerHandler.class);
  private static final int PROTOCOL_ERROR = 1002;

  private final String itemId;
  private final BroadcastConnection.Parts parts;
  private Viewer viewer;
  private long heardNs;

  ViewerHandler(String itemId, BroadcastConnection.Parts parts) {
    this.itemId = itemId;
    this.parts = parts;
  }

  /** When something last came from it. */
  long heardNs() {
    return heardNs;
  }

  /** The viewer, once it is one. */
  Viewer viewer() {
    return viewer;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    heardNs = parts.pinger().nowNs();
    viewer = new Viewer(ctx.channel(), parts.metrics());
    Map<String, Object> welcome = new LinkedHashMap<>();
    welcome.put("type", "connected");
    welcome.put("itemId", itemId);
    welcome.put("clientId", ctx.channel().id().asShortText());
    ctx.writeAndFlush(Frames.text(Json.bytes(welcome)));
    parts.feeds().join(itemId, viewer);
    parts.pinger().add(ctx, this);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    heardNs = parts.pinger().nowNs();
    if (frame instanceof PingWebSocketFrame) {
      if (ctx.channel().isWritable()) {
        ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
      }
    } else if (frame instanceof CloseWebSocketFrame close) {
      viewer.drop(End.LEFT, close.statusCode() < 0 ? 1000 : close.statusCode(), "");
    } else if (!(frame instanceof PongWebSocketFrame)) {
      parts.metrics().heard.increment();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    parts.pinger().remove(ctx, this);
    viewer.end(End.LEFT);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException broken) {
      viewer.drop(End.BROKEN, broken.closeStatus().code(), words(cause));
    } else if (cause instanceof CodecException) {
      viewer.drop(End.BROKEN, PROTOCOL_ERROR, words(cause));
    } else {
      // Clients reset connections all the time; anything else is a mistake of ours.
      if (!(cause instanceof IOException)) {
        LOG.warn("viewer closed after a failure", cause);
      }
      ctx.close();
    }
  }

  /** A close frame's reason has at most 123 bytes. */
  private static String words(Throwable cause) {
    byte[] words = String.valueOf(cause.getMessage()).getBytes(UTF_8);
    return new String(words, 0, Math.min(words.length, 100), UTF_8);
  }
}
