package targets.shared;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the frames of one client. A violation of RFC 6455 closes the connection by the code that
 * the RFC names. Used by the client's event loop.
 */
final class WebSocketInput extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketInput.class);

  private final PushClient<?> client;

  WebSocketInput(PushClient<?> client) {
    this.client = client;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    try {
      // Bytes sent before the end of the handshake are not decoded as frames.
      if (read instanceof WebSocketFrame frame) {
        frame(frame);
      } else {
        client.close(CloseReason.PROTOCOL);
      }
    } finally {
      ReferenceCountUtil.release(read);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    client.writabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    client.inactive();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      ctx.close(); // Clients reset connections all the time.
    } else if (cause instanceof CorruptedWebSocketFrameException wrong) {
      client.close(
          switch (wrong.closeStatus().code()) {
            case 1009 -> CloseReason.TOO_LARGE;
            case 1007 -> CloseReason.BAD_TEXT;
            default -> CloseReason.PROTOCOL;
          });
    } else if (cause instanceof TooLongFrameException) {
      client.close(CloseReason.TOO_LARGE);
    } else if (cause instanceof DecoderException) {
      client.close(CloseReason.PROTOCOL);
    } else {
      LOG.warn("a connection is closed after a failure", cause);
      client.close(CloseReason.FAILURE);
    }
  }

  private void frame(WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      client.closedByPeer(close.statusCode() < 0 ? CloseReason.NO_CODE : close.statusCode());
    } else if (client.isOpen()) {
      client.seen();
      if (!client.admits(frame)) {
        return;
      }
      if (frame instanceof PingWebSocketFrame) {
        client.pong(frame.content());
      } else if (!(frame instanceof PongWebSocketFrame)) {
        client.received(frame);
      }
    }
  }
}
