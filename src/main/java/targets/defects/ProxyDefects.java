package targets.defects;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import targets.proxy.EventTally;
import targets.proxy.ProxyServer;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.TargetSpec;

/** The defects of the proxy: handlers between it and its clients' sockets, and a wrong count. */
public final class ProxyDefects {
  private static final String UNTERMINATED_DONE = "unterminated-done";
  private static final String COALESCE = "coalesce-50ms";
  private static final String COUNT_ON_FLUSH = "count-on-flush";
  private static final String CLEAN_END = "clean-end-on-upstream-break";
  private static final String IGNORE_DISCONNECT = "ignore-client-disconnect";
  private static final String LATE = "late";
  private static final List<String> NAMES =
      List.of(UNTERMINATED_DONE, COALESCE, COUNT_ON_FLUSH, CLEAN_END, IGNORE_DISCONNECT, LATE);

  private static final Duration DELAY_MAX = Duration.ofSeconds(10);

  private static final PlantedError ERROR =
      new PlantedError(
          (method, path) -> path.equals("/sse") || path.startsWith("/v1/"),
          502,
          Map.of(
              "error",
              Map.of(
                  "message",
                  "this error is planted: the proxy was started with --defect error",
                  "type",
                  "upstream_error",
                  "code",
                  "planted_error")),
          List.of("total_connections", "failed_connections"));

  /** The proxy with the option {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          ProxyServer.SPEC,
          NAMES,
          (reader, defects) -> {
            Extension extension = defects.troubles(ERROR).and(handlers(defects));
            return ProxyServer.start(reader, tallies(defects), extension);
          });

  private ProxyDefects() {}

  private static UnaryOperator<EventTally> tallies(Defects defects) {
    return defects.has(COUNT_ON_FLUSH)
        ? unused -> new FlushTally(Clocks.SYSTEM)
        : UnaryOperator.identity();
  }

  private static Extension handlers(Defects defects) {
    Optional<Duration> delay = delay(defects);
    boolean withholds = defects.has(UNTERMINATED_DONE);
    boolean cleanEnd = defects.has(CLEAN_END);
    return new Extension() {
      @Override
      public void connected(ChannelPipeline pipeline) {
        if (withholds || cleanEnd) {
          pipeline.addFirst(new Rechunker(withholds, cleanEnd));
        }
        if (defects.has(IGNORE_DISCONNECT)) {
          pipeline.addFirst(new DisconnectFilter());
        }
        if (defects.has(COALESCE)) {
          pipeline.addFirst(new FlushGrid(Clocks.SYSTEM));
        }
        delay.ifPresent(late -> pipeline.addFirst(new LateWriter(late)));
      }
    };
  }

  /** Returns how late every piece of a response is, if it is. */
  private static Optional<Duration> delay(Defects defects) {
    if (!defects.has(LATE)) {
      return Optional.empty();
    }
    String text = defects.value(LATE).orElse("");
    Duration delay = Duration.ZERO;
    if (text.matches("\\d{1,7}ms")) {
      delay = Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    } else if (text.matches("\\d{1,4}s")) {
      delay = Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
    if (delay.isZero() || delay.compareTo(DELAY_MAX) > 0) {
      defects.error("'" + LATE + "' needs a length of time up to 10s, such as " + LATE + "=5ms");
    }
    return Optional.of(delay);
  }

  /** As in the original: one event for each flush more than 50 ms after the one before. */
  private static final class FlushTally implements EventTally {
    private static final long WINDOW_NS = 50_000_000;

    private final Clocks clocks;
    private long lastFlushNs;
    private long events;

    FlushTally(Clocks clocks) {
      this.clocks = clocks;
      lastFlushNs = clocks.nowNs();
    }

    @Override
    public void data(ByteBuf in, int from, int length) {}

    @Override
    public long events() {
      long now = clocks.nowNs();
      if (now - lastFlushNs > WINDOW_NS) {
        events++;
        lastFlushNs = now;
      }
      return events;
    }
  }

  /**
   * Lets bytes leave only at whole multiples of 50 ms. What waits counts towards the connection's
   * buffer bound. Used by one connection.
   */
  private static final class FlushGrid extends ChannelOutboundHandlerAdapter {
    private static final long GRID_NS = 50_000_000;

    private final Clocks clocks;
    private boolean scheduled;

    FlushGrid(Clocks clocks) {
      this.clocks = clocks;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      if (!scheduled) {
        scheduled = true;
        long left = GRID_NS - Math.floorMod(clocks.nowNs(), GRID_NS);
        var unused = ctx.executor().schedule(() -> tick(ctx), left, TimeUnit.NANOSECONDS);
      }
    }

    private void tick(ChannelHandlerContext ctx) {
      scheduled = false;
      ctx.flush();
    }
  }

  /**
   * Writes every piece late by the same time. What waits is bounded: above the connection's
   * high-water mark it counts as not writable. Used by one connection.
   */
  @SuppressWarnings(
      "FutureReturnValueIgnored") // A failed write ends the channel, and that is seen.
  private static final class LateWriter extends ChannelOutboundHandlerAdapter {
    private static final int WRITABILITY_INDEX = 1;

    private final long delayNs;
    private int held;

    LateWriter(Duration delay) {
      delayNs = delay.toNanos();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      int length = message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
      hold(ctx, length);
      // Tasks of one event loop that are due in the same order run in that order.
      ctx.executor()
          .schedule(
              () -> {
                hold(ctx, -length);
                ctx.writeAndFlush(message, promise);
              },
              delayNs,
              TimeUnit.NANOSECONDS);
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
   * Hides the end of a client's connection until the response under way is whole. Used by one
   * connection.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // A failed write ends the channel.
  private static final class DisconnectFilter extends ChannelDuplexHandler {
    private boolean responding;
    private boolean gone;

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      gone = true;
      if (!responding) {
        ctx.fireChannelInactive();
      }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      // Pieces have no promise of their own; the last one has.
      responding = promise.isVoid();
      ctx.write(message, promise);
      if (gone && !responding) {
        ctx.fireChannelInactive();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!responding) {
        ctx.fireExceptionCaught(cause);
      }
    }
  }
}
