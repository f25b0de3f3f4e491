package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** The way of response bytes to one client's socket, in order. Used by one event loop. */
sealed interface Outlet permits Outlet.Direct, GridOutlet, LateOutlet {
  /** Takes bytes and their ownership. */
  void write(ByteBuf bytes);

  /** All that was taken may go to the socket. */
  void flush();

  /** Sends what was taken and completes the promise when the socket has the last byte. */
  void finish(ChannelPromise sent);

  /**
   * The healthy way: as soon as the socket takes it.
   *
   * @param wire the context below the HTTP encoder, as the bytes are framed already
   */
  // A failed write or close ends the channel, and that is seen.
  @SuppressWarnings("FutureReturnValueIgnored")
  record Direct(ChannelHandlerContext wire) implements Outlet {
    @Override
    public void write(ByteBuf bytes) {
      // No promise per piece: a failed write closes the connection, which is seen anyway.
      wire.write(bytes, wire.voidPromise());
    }

    @Override
    public void flush() {
      wire.flush();
    }

    @Override
    public void finish(ChannelPromise sent) {
      wire.writeAndFlush(Unpooled.EMPTY_BUFFER, sent);
    }
  }
}
