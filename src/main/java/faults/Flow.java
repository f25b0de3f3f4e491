package faults;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection: takes the bytes from one side, and passes them to the other one in
 * order, each piece when the link's faults let it. Used by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Flow extends ChannelInboundHandlerAdapter {
  /** Bytes that are held; above it the sender is not read from. */
  static final int HELD_MAX = 256 * 1024;

  /** What a piece takes beside its bytes. */
  private static final int PIECE_BYTES = 64;

  private final TcpLink link;
  private final TcpLink.Connection connection;
  private final Direction direction;
  private final SocketChannel from;
  private final SocketChannel to;
  private final SplittableRandom random;
  private final Deque<Piece> held = new ArrayDeque<>();
  private int heldBytes;
  private long previousNs;
  private Future<?> timer;
  private boolean ended;
  private boolean over;

  /**
   * @param bytes empty for the end
   * @param reset whether it is an end by a reset
   */
  private record Piece(ByteBuf bytes, boolean reset, long passesNs) {
    int size() {
      return bytes.readableBytes() + PIECE_BYTES;
    }
  }

  Flow(
      TcpLink link,
      TcpLink.Connection connection,
      Direction direction,
      SocketChannel from,
      SocketChannel to,
      SplittableRandom random) {
    this.link = link;
    this.connection = connection;
    this.direction = direction;
    this.from = from;
    this.to = to;
    this.random = random;
    this.previousNs = link.nowNs();
  }

  void begin() {
    from.pipeline().addLast(this);
    to.closeFuture().addListener(closed -> drop());
    from.config().setAutoRead(true);
  }

  /** Returns true once the end has passed. */
  boolean isOver() {
    return over;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    while (bytes.isReadable()) {
      int size = Math.min(bytes.readableBytes(), link.pieceBytes(direction));
      hold(bytes.readRetainedSlice(size), false);
    }
    bytes.release();
    pump();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      end(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(true);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(true);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    connection.writable(context.channel());
  }

  private void end(boolean reset) {
    if (!ended) {
      ended = true;
      hold(Unpooled.EMPTY_BUFFER, reset);
      pump();
    }
  }

  private void hold(ByteBuf bytes, boolean reset) {
    if (!to.isOpen()) {
      bytes.release();
      return;
    }
    Piece piece = timed(bytes, reset, link.nowNs());
    held.add(piece);
    heldBytes += piece.size();
  }

  private Piece timed(ByteBuf bytes, boolean reset, long nowNs) {
    long passesNs = link.passesNs(direction, nowNs, previousNs, bytes.readableBytes(), random);
    previousNs = passesNs == LinkFault.NEVER ? previousNs : Math.max(previousNs, passesNs);
    return new Piece(bytes, reset, passesNs);
  }

  /** The faults have changed: what is held gets new times. */
  void changed() {
    previousNs = link.nowNs();
    List<Piece> pieces = new ArrayList<>(held);
    held.clear();
    pieces.forEach(piece -> held.add(timed(piece.bytes, piece.reset, link.nowNs())));
    pump();
  }

  /** Passes what is due, and reads from the sender if more can be held. */
  void pump() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    while (!held.isEmpty() && !connection.isForgotten() && to.isWritable()) {
      long passesNs = held.peek().passesNs;
      long waitNs = passesNs - link.nowNs();
      if (waitNs > 0) {
        if (passesNs != LinkFault.NEVER) {
          timer = to.eventLoop().schedule(this::pump, waitNs, TimeUnit.NANOSECONDS);
        }
        break;
      }
      Piece piece = held.poll();
      heldBytes -= piece.size();
      pass(piece);
    }
    boolean full = heldBytes >= HELD_MAX;
    if (full && from.config().isAutoRead()) {
      link.paused.increment();
    }
    from.config().setAutoRead(!full && to.isWritable() && !connection.isForgotten());
  }

  private void pass(Piece piece) {
    if (piece.bytes.isReadable()) {
      to.writeAndFlush(piece.bytes, to.voidPromise());
    } else if (piece.reset) {
      reset(to);
      from.close();
    } else {
      // After the bytes before it, which a shutdown would drop.
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              written -> {
                over = true;
                to.shutdownOutput();
                connection.ended();
              });
    }
  }

  private void drop() {
    held.forEach(piece -> piece.bytes.release());
    held.clear();
    heldBytes = 0;
  }

  /** Closes a connection by RST. */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }
}
