package targets.ticker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user's connection, as far as it is read from: frames become messages, and messages are
 * answered. What breaks RFC 6455 closes it by the code that the RFC names. Used by its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final double NS_OF_MS = 1e6;

  /** A time that is further off than this was not told by a clock on a wall. */
  private static final double SAME_CLOCK_MS = 60_000;

  private final TickerParts parts;
  private final Client client;
  private final boolean limited;

  /** The message so far, while one comes in pieces; null otherwise. */
  private ByteBuf pieces;

  Connection(TickerParts parts, Client client) {
    this.parts = parts;
    this.client = client;
    this.limited = !parts.has(TickerDefects.NO_RATE_LIMIT);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    try {
      // Bytes that came before the client knew that it may send frames are none.
      if (read instanceof WebSocketFrame frame) {
        frame(frame);
      } else {
        client.close(Close.PROTOCOL);
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
    forgetPieces();
    client.disconnected();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      ctx.close(); // Clients reset connections all the time.
    } else if (cause instanceof CorruptedWebSocketFrameException wrong) {
      client.close(
          switch (wrong.closeStatus().code()) {
            case 1009 -> Close.TOO_LARGE;
            case 1007 -> Close.BAD_TEXT;
            default -> Close.PROTOCOL;
          });
    } else if (cause instanceof TooLongFrameException) {
      client.close(Close.TOO_LARGE);
    } else if (cause instanceof DecoderException) {
      client.close(Close.PROTOCOL);
    } else {
      LOG.warn("a connection is closed after a failure", cause);
      client.close(Close.FAILURE);
    }
  }

  private void frame(WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      client.closedByPeer(close.statusCode() < 0 ? Close.NO_CODE : close.statusCode());
      return;
    }
    if (!client.isOpen()) {
      return;
    }
    long nowNs = parts.nanoClock().getAsLong();
    client.seen(nowNs);
    parts.metrics().frames.increment();
    if (limited && !client.maySend(nowNs)) {
      client.close(Close.TOO_MANY);
    } else if (limited && !parts.addresses().maySend(client.account(), nowNs)) {
      beyondAddress(frame);
    } else {
      within(frame);
    }
  }

  /** One of many clients of an address need not be the one to blame. */
  private void beyondAddress(WebSocketFrame frame) {
    parts.metrics().limited.increment();
    boolean whole = frame.isFinalFragment() && !(frame instanceof ContinuationWebSocketFrame);
    if (whole) {
      error("not taken: more messages than an address may send");
    } else {
      client.close(Close.TOO_MANY);
    }
  }

  private void within(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      client.pong(frame.content());
    } else if (frame instanceof TextWebSocketFrame && frame.isFinalFragment()) {
      text(frame.content());
    } else if (frame instanceof TextWebSocketFrame) {
      pieces = Unpooled.buffer(frame.content().readableBytes());
      piece(frame);
    } else if (frame instanceof ContinuationWebSocketFrame && pieces != null) {
      piece(frame);
    } else if (!(frame instanceof PongWebSocketFrame)) {
      client.close(Close.BINARY);
    }
  }

  private void piece(WebSocketFrame frame) {
    int most = parts.settings().limits().messageBytes();
    if (pieces.readableBytes() + frame.content().readableBytes() > most) {
      forgetPieces();
      client.close(Close.TOO_LARGE);
      return;
    }
    pieces.writeBytes(frame.content());
    if (frame.isFinalFragment()) {
      ByteBuf whole = pieces;
      pieces = null;
      text(whole);
      whole.release();
    }
  }

  private void forgetPieces() {
    if (pieces != null) {
      pieces.release();
      pieces = null;
    }
  }

  private void text(ByteBuf utf8) {
    Optional<String> text = decode(utf8);
    if (text.isEmpty()) {
      client.close(Close.BAD_TEXT);
      return;
    }
    ClientMessage message = ClientMessage.read(text.get());
    if (message instanceof ClientMessage.Ping ping) {
      pong(ping);
    } else if (message instanceof ClientMessage.Subscribe subscribe) {
      client.subscribe(subscribe.tokens());
    } else if (message instanceof ClientMessage.Unsubscribe unsubscribe) {
      client.unsubscribe(unsubscribe.tokens());
    } else if (message instanceof ClientMessage.Nonsense nonsense) {
      parts.metrics().nonsense.increment();
      error(nonsense.reason());
    }
  }

  private void pong(ClientMessage.Ping ping) {
    long unixNs = parts.unixNs().getAsLong();
    OptionalDouble latency = latencyMs(ping, unixNs / NS_OF_MS);
    latency.ifPresent(parts.metrics().latency::add);
    parts.metrics().pings.increment();
    Double shown = latency.isPresent() ? latency.getAsDouble() : null;
    client.tell(Messages.pong(ping.timestamp(), shown, client.nonce(), unixNs));
  }

  /** Known only if the client's time is one of a clock on a wall, as ours is. */
  private OptionalDouble latencyMs(ClientMessage.Ping ping, double nowMs) {
    if (ping.ms().isEmpty()) {
      return OptionalDouble.empty();
    }
    double latency = nowMs - ping.ms().getAsDouble();
    boolean comparable = Math.abs(latency) < SAME_CLOCK_MS;
    return comparable || parts.has(TickerDefects.WRONG_CLOCK)
        ? OptionalDouble.of(latency)
        : OptionalDouble.empty();
  }

  private void error(String reason) {
    client.tell(Messages.error(reason, client.nonce(), parts.unixNs().getAsLong()));
  }

  /** The text, unless the bytes are no UTF-8. */
  private static Optional<String> decode(ByteBuf utf8) {
    try {
      // A new decoder reports what is wrong; the charset itself would put something in its place.
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(utf8.nioBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
