package targets.defects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import targets.proxy.BodyScanner;
import targets.shared.Chunks;

/**
 * Writes the chunks of responses anew, without the content's very last newline, or with an end that
 * is missing. At most one byte is held back. Used by one connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write ends the channel, and that is seen.
final class Rechunker extends ChannelOutboundHandlerAdapter {
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final boolean withholdsNewline;
  private final boolean endsCleanly;
  private BodyScanner body;
  private boolean holding;

  Rechunker(boolean withholdsNewline, boolean endsCleanly) {
    this.withholdsNewline = withholdsNewline;
    this.endsCleanly = endsCleanly;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ByteBuf in = (ByteBuf) message;
    if (body == null) {
      String head = in.toString(StandardCharsets.ISO_8859_1);
      body = head.contains("ransfer-encoding: chunked\r\n") ? BodyScanner.chunked() : null;
      ctx.write(in, promise);
    } else if (in.isReadable()) {
      body.scan(in, (from, at, length) -> chunk(ctx, from, at, length));
      in.release();
      if (body.isWhole()) {
        body = null;
        holding = false;
        ctx.write(Unpooled.wrappedBuffer(LAST_CHUNK), promise);
      } else {
        ctx.write(Unpooled.EMPTY_BUFFER, promise);
      }
    } else {
      ctx.write(in, promise);
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (body == null || !endsCleanly) {
      ctx.close(promise);
      return;
    }
    body = null;
    ctx.writeAndFlush(Unpooled.wrappedBuffer(LAST_CHUNK)).addListener(unused -> ctx.close(promise));
  }

  private void chunk(ChannelHandlerContext ctx, ByteBuf in, int from, int length) {
    boolean hold = withholdsNewline && in.getByte(from + length - 1) == '\n';
    int size = length - (hold ? 1 : 0) + (holding ? 1 : 0);
    if (size > 0) {
      ByteBuf chunk = ctx.alloc().buffer(size + Chunks.FRAMING_MAX);
      Chunks.open(chunk, size);
      if (holding) {
        chunk.writeByte('\n');
      }
      chunk.writeBytes(in, from, length - (hold ? 1 : 0));
      Chunks.close(chunk);
      ctx.write(chunk, ctx.voidPromise());
    }
    holding = hold;
  }
}
