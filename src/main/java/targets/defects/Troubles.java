package targets.defects;

import io.javalin.config.RoutesConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.Json;
import targets.shared.Replies;

/**
 * The {@linkplain TroublePlan troubles} of one running target, attached to its event loops and in
 * front of its request handler. What was not planted costs nothing: no task is scheduled, no
 * handler is added, and nothing is opened or counted. Thread-safe.
 */
final class Troubles implements Extension {
  private final TroublePlan plan;
  private final PlantedError error;
  private final AtomicLong requests = new AtomicLong();
  private final DescriptorLeak descriptors = new DescriptorLeak();
  private final ThreadLeak threads = new ThreadLeak();
  private final MemoryLeak memory;
  private List<LongAdder> counted = List.of();
  private volatile boolean closed;

  /**
   * @param plan what is planted
   * @param error the answer to a request that is to fail
   * @param nanoClock monotonic time in nanoseconds
   */
  Troubles(TroublePlan plan, PlantedError error, LongSupplier nanoClock) {
    this.plan = plan;
    this.error = error;
    memory = new MemoryLeak(plan.leakBytesPerS(), nanoClock);
  }

  @Override
  public void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {
    counted = error.counted().stream().map(counters::named).toList();
    if (plan.slowPercent() > 0) {
      slow(loops, CpuClock.ofThisProcess());
    }
    if (plan.leakBytesPerS() > 0) {
      repeat(loops.iterator().next(), memory::grow, MemoryLeak.PERIOD_NS);
    }
  }

  @Override
  public void connected(ChannelPipeline pipeline) {
    if (plan.countsRequests()) {
      pipeline.addBefore(pipeline.lastContext().name(), null, new Interceptor());
    }
  }

  @Override
  public void route(RoutesConfig routes) {
    if (plan.countsRequests()) {
      routes.before(
          context -> {
            if (isHit(context.method().name(), context.path())) {
              context.status(error.status()).contentType("application/json");
              context.result(Json.bytes(error.body()));
              context.skipRemainingHandlers();
            }
          });
    }
  }

  /** Gives everything back that was leaked, and leaks no more. Safe to call twice. */
  @Override
  public void close() {
    closed = true;
    memory.close();
    descriptors.close();
    threads.close();
  }

  /** Counts a request that is work, leaks what is due, and returns true if it is to fail. */
  boolean isHit(String method, String path) {
    if (!error.isWork().test(method, path)) {
      return false;
    }
    long number = requests.incrementAndGet();
    if (plan.fdEvery() > 0 && number % plan.fdEvery() == 0) {
      descriptors.leak();
    }
    if (plan.threadEvery() > 0 && number % plan.threadEvery() == 0) {
      threads.leak();
    }
    if (!plan.fails(number)) {
      return false;
    }
    counted.forEach(LongAdder::increment);
    return true;
  }

  /** Answers requests that are to fail in the target's place; used by one connection. */
  private final class Interceptor extends ChannelInboundHandlerAdapter {
    private boolean swallows;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        String path = request.uri().split("\\?", 2)[0];
        swallows = isHit(request.method().name(), path);
        if (swallows) {
          HttpResponseStatus status = HttpResponseStatus.valueOf(error.status());
          Replies.send(ctx, Replies.json(status, error.body()), HttpUtil.isKeepAlive(request));
        }
      }
      if (!swallows) {
        ctx.fireChannelRead(message);
        return;
      }
      // The body of a request that comes in pieces goes with it.
      ReferenceCountUtil.release(message);
      swallows = !(message instanceof LastHttpContent);
    }
  }

  private void slow(Iterable<? extends ScheduledExecutorService> loops, CpuClock cpu) {
    List<ScheduledExecutorService> all = new ArrayList<>();
    loops.forEach(all::add);
    LongAdder burntNs = new LongAdder();
    for (ScheduledExecutorService loop : all) {
      CpuBurner burner = new CpuBurner(plan.slowPercent(), all.size(), cpu, burntNs);
      repeat(loop, burner::look, CpuBurner.LOOK_NS);
    }
  }

  /** Repeats a step; it returns the delay to the next time in nanoseconds. */
  private void repeat(ScheduledExecutorService loop, LongSupplier step, long delayNs) {
    var unused =
        loop.schedule(
            () -> {
              if (!closed) {
                repeat(loop, step, step.getAsLong());
              }
            },
            delayNs,
            TimeUnit.NANOSECONDS);
  }
}
