package targets.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import targets.shared.Chunks;

/**
 * The body of one stream, between its head and its end, which both go through the HTTP codec. What
 * is written here goes past it, one buffer an event: the codec makes three of it, and a promise
 * that joins them, which took most of the adapter's time. Used by its event loop.
 */
final class StreamBody {
  private final ChannelHandlerContext wire;
  private final boolean chunked;

  /**
   * @param ctx of a handler behind the codec
   * @param chunked whether each event is a chunk; else the body ends with the connection
   */
  StreamBody(ChannelHandlerContext ctx, boolean chunked) {
    this.wire = ctx.pipeline().context(HttpServerCodec.class);
    this.chunked = chunked;
  }

  /** Writes an event, and flushes it. */
  ChannelFuture write(byte[] event) {
    ByteBuf out = wire.alloc().ioBuffer(event.length + Chunks.FRAMING_MAX);
    if (chunked) {
      Chunks.open(out, event.length);
    }
    out.writeBytes(event);
    if (chunked) {
      Chunks.close(out);
    }
    return wire.writeAndFlush(out);
  }
}
