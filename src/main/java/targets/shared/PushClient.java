package targets.shared;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket that messages are pushed to: it is written to, waits in its outbox while it is
 * slow, and ends. A violation of RFC 6455 closes it by the code that the RFC names. Used by its
 * event loop. There may be many thousands, so it holds little.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
public abstract class PushClient<M extends PushMessage> extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(PushClient.class);

  private final PushClients clients;
  private final SocketChannel channel;

  /** Below the encoder, for frames that are bytes already. */
  private ChannelHandlerContext wire;

  /** Null before the client joins a group, and after it leaves. */
  private PushGroup<M> group;

  /** Null while nothing waits. */
  private PushOutbox outbox;

  private long seenNs;
  private long pingNs;
  private long stalledNs;
  private boolean deflates;
  private boolean stalled;
  private boolean begun;
  private boolean over;

  /** A client whose channel is still before its handshake. */
  protected PushClient(PushClients clients, SocketChannel channel) {
    this.clients = clients;
    this.channel = channel;
    this.seenNs = clients.nowNs();
    this.pingNs = seenNs + clients.limits().ping().toNanos();
  }

  /** The handshake is complete; the caller flushes. */
  protected abstract void opened();

  protected boolean wants(M message) {
    return true;
  }

  /** Whether a frame is within the client's limits; called for every frame but a close. */
  protected boolean admits(WebSocketFrame frame) {
    return true;
  }

  /** A text, binary or continuation frame arrived; the caller releases it and flushes. */
  protected abstract void received(WebSocketFrame frame);

  /** A ping is due; it may be preceded by a text. */
  protected void beforePing(long idleNs) {}

  /** Called a few times a second while the client is open. */
  protected void tick() {}

  /** Reports messages that were conflated while the client was slow, by feed. */
  protected void skipped(Map<String, Integer> counts) {}

  protected abstract void closed(CloseReason why);

  /** The client ended the connection, by this code. */
  protected abstract void left(int code);

  /** The channel is closed: the last call of all. */
  protected abstract void disconnected();

  public final EventLoop loop() {
    return channel.eventLoop();
  }

  /** True from the end of the handshake until a close was sent or received. */
  public final boolean isOpen() {
    return begun && !over;
  }

  /** True while its socket accepts nothing. */
  public final boolean isSlow() {
    return isOpen() && !channel.isWritable();
  }

  /** Writes a message, or lets it wait in the outbox, or closes the client: the honest delivery. */
  public final Delivery.Result take(M message) {
    if (outbox == null && channel.isWritable()) {
      write(message.frame(deflates));
      return Delivery.Result.DELIVERED;
    }
    if (outbox == null) {
      outbox = new PushOutbox(clients.limits().outboxBytes());
    }
    Delivery.Result result = outbox.add(message);
    if (result == Delivery.Result.REFUSED) {
      close(CloseReason.OUTBOX_FULL);
    }
    return result;
  }

  /** Writes a text to this client alone; the caller flushes. */
  public final void send(byte[] utf8) {
    write(WebSocketFrames.text(channel.alloc(), utf8));
    clients.bytes.add(utf8.length);
  }

  public final void flush() {
    channel.flush();
  }

  /** Closes the connection by a handshake, within a bound. */
  public final void close(CloseReason why) {
    if (!isOpen()) {
      return;
    }
    leave();
    closed(why);
    // The answer must be read even from a client that was not read from.
    channel.config().setAutoRead(true);
    channel.writeAndFlush(new CloseWebSocketFrame(why.code, why.text), channel.voidPromise());
    if (why.isBroken()) {
      channel.shutdownOutput();
    }
    long waitMs = clients.limits().closeWait().toMillis();
    loop().schedule(() -> channel.close(), waitMs, TimeUnit.MILLISECONDS);
  }

  final void begin(boolean compresses) {
    deflates = compresses;
    begun = true;
    wire = channel.pipeline().context(WebSocket13FrameEncoder.class);
    clients.add(this);
    opened();
    channel.flush();
  }

  final void enter(PushGroup<M> entered) {
    group = entered;
  }

  final void write(ByteBuf frame) {
    wire.write(frame, wire.voidPromise());
  }

  final int bytesOf(M message) {
    return message.bytes(deflates);
  }

  final void tick(long nowNs) {
    PushClients.Limits limits = clients.limits();
    if (stalled && nowNs - stalledNs >= limits.stall().toNanos()) {
      close(CloseReason.STALLED);
    } else if (nowNs - seenNs >= limits.idle().toNanos()) {
      close(CloseReason.IDLE);
    } else {
      if (nowNs - pingNs >= 0) {
        pingNs += limits.ping().toNanos();
        ping(nowNs);
      }
      tick();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    try {
      if (read instanceof CloseWebSocketFrame close) {
        closedByPeer(close);
      } else if (!(read instanceof WebSocketFrame frame)) {
        close(CloseReason.PROTOCOL); // Bytes sent before the end of the handshake.
      } else if (isOpen()) {
        accept(frame);
      }
    } finally {
      ReferenceCountUtil.release(read);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    channel.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!isOpen()) {
      return;
    }
    boolean writable = channel.isWritable();
    // Applies backpressure: answers to a client that does not read would have to wait here.
    channel.config().setAutoRead(writable);
    if (writable) {
      stalled = false;
      drain();
    } else if (!stalled) {
      stalled = true;
      stalledNs = clients.nowNs();
      clients.slowed.increment();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (isOpen()) {
      leave();
      left(CloseReason.NO_FRAME);
    }
    disconnected();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      channel.close(); // Clients reset connections all the time.
    } else if (cause instanceof CorruptedWebSocketFrameException wrong) {
      close(
          switch (wrong.closeStatus().code()) {
            case 1009 -> CloseReason.TOO_LARGE;
            case 1007 -> CloseReason.BAD_TEXT;
            default -> CloseReason.PROTOCOL;
          });
    } else if (cause instanceof TooLongFrameException) {
      close(CloseReason.TOO_LARGE);
    } else if (cause instanceof DecoderException) {
      close(CloseReason.PROTOCOL);
    } else {
      LOG.warn("a connection is closed after a failure", cause);
      close(CloseReason.FAILURE);
    }
  }

  private void accept(WebSocketFrame frame) {
    seenNs = clients.nowNs();
    if (!admits(frame)) {
      return;
    }
    if (frame instanceof PingWebSocketFrame) {
      channel.write(new PongWebSocketFrame(frame.content().retain()), channel.voidPromise());
    } else if (!(frame instanceof PongWebSocketFrame)) {
      received(frame);
    }
  }

  /** The client sent a close frame, or answered ours. */
  private void closedByPeer(CloseWebSocketFrame close) {
    if (!isOpen()) {
      channel.close();
      return;
    }
    leave();
    left(close.statusCode() < 0 ? CloseReason.NO_CODE : close.statusCode());
    channel.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
  }

  private void leave() {
    over = true;
    clients.remove(this);
    if (group != null) {
      group.left();
      group = null;
    }
    if (outbox != null) {
      clients.undelivered.add(outbox.clear());
      outbox = null;
    }
  }

  private void drain() {
    if (outbox == null) {
      return;
    }
    Map<String, Integer> counts = outbox.drain(this::writeWaiting);
    if (outbox.isEmpty()) {
      outbox = null;
    }
    if (!counts.isEmpty()) {
      skipped(counts);
    }
    channel.flush();
  }

  private boolean writeWaiting(PushMessage message) {
    if (!channel.isWritable()) {
      return false;
    }
    write(message.frame(deflates));
    clients.delivered(message.bytes(deflates));
    return true;
  }

  private void ping(long nowNs) {
    if (!channel.isWritable()) {
      clients.pingsSkipped.increment();
      return;
    }
    beforePing(nowNs - seenNs);
    channel.writeAndFlush(new PingWebSocketFrame(), channel.voidPromise());
  }
}
