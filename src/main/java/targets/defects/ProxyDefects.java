package targets.defects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import targets.defects.CommonDefects.Requests;
import targets.proxy.EventTally;
import targets.proxy.ProxyServer;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.TargetSpec;

/** The defects of the proxy: handlers between it and its clients' sockets, and a wrong count. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write ends the channel, and that is seen.
public final class ProxyDefects implements Extension {
  private static final LongSupplier NANO_CLOCK = Clocks.SYSTEM.nano();

  /** The original's buffer. */
  private static final long BUFFERED_NS = 50_000_000;

  private static final ByteBuf DONE = bytes("[DONE]\n\n");
  private static final ByteBuf CHUNKED = bytes("ransfer-encoding: chunked\r\n");
  private static final ByteBuf LAST_CHUNK = bytes("0\r\n\r\n");
  private static final List<String> ENDINGS =
      List.of("unterminated-done", "clean-end-on-upstream-break", "ignore-client-disconnect");
  private static final String PLANTED = "this error is planted: --defect error was given";

  public static final TargetSpec SPEC =
      Defects.around(
          ProxyServer.SPEC,
          new Requests(
              ".* (/sse|/v1/.*)",
              502,
              Map.of(
                  "error",
                  Map.of("message", PLANTED, "type", "upstream_error", "code", "planted_error")),
              List.of("total_connections", "failed_connections")),
          "unterminated-done, coalesce-50ms, count-on-flush, clean-end-on-upstream-break,"
              + " ignore-client-disconnect, late=5ms in 1ms..10s",
          (reader, defects, common) ->
              ProxyServer.start(
                  reader,
                  honest -> defects.plant("count-on-flush", honest, unused -> new FlushTally()),
                  common,
                  new ProxyDefects(defects)));

  private final Defects defects;

  private ProxyDefects(Defects defects) {
    this.defects = defects;
  }

  @Override
  public void connected(ChannelPipeline pipeline) {
    if (defects.hasAny(ENDINGS)) {
      pipeline.addFirst(new Endings());
    }
    if (defects.has("coalesce-50ms")) {
      pipeline.addFirst(
          new LateWriter(() -> BUFFERED_NS - Math.floorMod(NANO_CLOCK.getAsLong(), BUFFERED_NS)));
    }
    if (defects.has("late")) {
      pipeline.addFirst(new LateWriter(() -> defects.value("late")));
    }
  }

  /** As in the original: one event for each flush more than 50 ms after the one before. */
  private static final class FlushTally implements EventTally {
    private long lastFlushNs = NANO_CLOCK.getAsLong();
    private long events;

    @Override
    public void data(ByteBuf in, int from, int length) {}

    @Override
    public long events() {
      long now = NANO_CLOCK.getAsLong();
      if (now - lastFlushNs > BUFFERED_NS) {
        events++;
        lastFlushNs = now;
      }
      return events;
    }
  }

  /**
   * Writes every piece later than it should. What waits is bounded: above the connection's
   * high-water mark it counts as not writable. Used by one connection.
   */
  private static final class LateWriter extends ChannelOutboundHandlerAdapter {
    private static final int WRITABILITY_INDEX = 1;

    private final LongSupplier delayNs;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int held;

    LateWriter(LongSupplier delayNs) {
      this.delayNs = delayNs;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      int length = message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
      hold(ctx, length);
      waiting.add(
          () -> {
            hold(ctx, -length);
            ctx.writeAndFlush(message, promise);
          });
      ctx.executor()
          .schedule(() -> waiting.remove().run(), delayNs.getAsLong(), TimeUnit.NANOSECONDS);
    }

    private void hold(ChannelHandlerContext ctx, int bytes) {
      held += bytes;
      ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
      if (buffer != null) {
        boolean writable = held < ctx.channel().config().getWriteBufferHighWaterMark();
        buffer.setUserDefinedWritability(WRITABILITY_INDEX, writable);
      }
    }
  }

  /**
   * Changes how responses end, and hides the end of the client's connection until the response
   * under way is whole. Used by one connection.
   */
  private final class Endings extends ChannelDuplexHandler {
    private boolean responding;
    private boolean inChunks;
    private boolean hidden;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      // Pieces have no promise of their own; the last one has.
      responding = promise.isVoid();
      if (message instanceof ByteBuf bytes && bytes.isReadable()) {
        look(bytes);
      }
      ctx.write(message, promise);
      if (hidden && !responding) {
        ctx.fireChannelInactive();
      }
    }

    private void look(ByteBuf bytes) {
      int length = Math.min(bytes.readableBytes(), LAST_CHUNK.readableBytes());
      ByteBuf end = bytes.slice(bytes.writerIndex() - length, length);
      inChunks = (inChunks || ByteBufUtil.indexOf(CHUNKED, bytes) >= 0) && !end.equals(LAST_CHUNK);
      int done = defects.has("unterminated-done") ? ByteBufUtil.indexOf(DONE, bytes) : -1;
      if (done >= 0) {
        // A blank line that has a blank is none.
        bytes.setByte(done + DONE.readableBytes() - 1, ' ');
      }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
      if (inChunks && defects.has("clean-end-on-upstream-break")) {
        inChunks = false;
        ctx.writeAndFlush(LAST_CHUNK.duplicate()).addListener(unused -> ctx.close(promise));
      } else {
        ctx.close(promise);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      hidden = responding && defects.has("ignore-client-disconnect");
      if (!hidden) {
        ctx.fireChannelInactive();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!responding || !defects.has("ignore-client-disconnect")) {
        ctx.fireExceptionCaught(cause);
      }
    }
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }
}
