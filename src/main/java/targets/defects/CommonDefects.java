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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.Json;
import targets.shared.Replies;

/**
 * The defects that every target can have, attached to its event loops and in front of its request
 * handler. What is off costs nothing: no task, no handler, nothing opened or counted. Thread-safe.
 */
final class CommonDefects implements Extension {
  private static final Defect SLOW = Defect.valued("slow", "20%", "1%", "1000%");
  private static final Defect LEAK = Defect.valued("leak", "1MB/s", "1KB/s", "100MB/s");
  private static final Defect FD_LEAK = Defect.counted("fd-leak", 1, 1, 1_000_000);

  /** Of a smoke run's 700 streams, 70 threads are visible and disturb nothing. */
  private static final Defect THREAD_LEAK = Defect.counted("thread-leak", 10, 1, 1_000_000);

  private static final Defect ERROR = Defect.valued("error", "6%", "0.001%", "100%");

  static final List<Defect> ALL = List.of(SLOW, LEAK, FD_LEAK, THREAD_LEAK, ERROR);

  /** A whole, in the unit of shares. */
  private static final long WHOLE = 100_000;

  private static final long LEAK_PERIOD_NS = 100_000_000;
  private static final long LEAKS_PER_S = 10;

  private final AtomicLong count = new AtomicLong();
  private final Leak descriptors = Leak.ofDescriptors();
  private final Leak threads = Leak.ofThreads();
  private final Leak memory;
  private final LongSupplier nanoClock;
  private final long leakBytes;
  private final Requests requests;
  private final long slowShare;
  private final long fdEvery;
  private final long threadEvery;
  private final long errors;
  private List<LongAdder> counted = List.of();
  private volatile boolean closed;

  /**
   * The requests that are a target's work, and its answer to one that is to fail.
   *
   * @param work matches method and path, such as {@code GET /sse}
   * @param body JSON of the answer, as maps and plain values
   * @param counted names of the target's counters that such an answer increments
   */
  record Requests(Pattern work, int status, Object body, List<String> counted) {
    /** Of targets that answer nothing but pages. */
    static final Requests NONE = of("none");

    static Requests of(String work, String... counted) {
      Object body = Map.of("error", "a planted error");
      return new Requests(Pattern.compile(work), 500, body, List.of(counted));
    }
  }

  CommonDefects(Defects defects, Requests requests, LongSupplier nanoClock) {
    this.requests = requests;
    this.nanoClock = nanoClock;
    leakBytes = defects.value(LEAK) / LEAKS_PER_S;
    memory = Leak.ofMemory((int) leakBytes);
    slowShare = defects.value(SLOW);
    fdEvery = defects.value(FD_LEAK);
    threadEvery = defects.value(THREAD_LEAK);
    errors = defects.value(ERROR);
  }

  /** Returns true if a defect is on that happens at requests. */
  boolean needRequests() {
    return fdEvery > 0 || threadEvery > 0 || errors > 0;
  }

  boolean isOff() {
    return slowShare == 0 && leakBytes == 0 && !needRequests();
  }

  @Override
  public void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {
    if (errors > 0) {
      LongAdder planted = counters.counter("planted_errors", "Requests with a planted error");
      Stream<LongAdder> own = requests.counted.stream().map(counters::named);
      counted = Stream.concat(Stream.of(planted), own).toList();
    }
    if (slowShare > 0) {
      CpuBurner.on(loops, slowShare)
          .forEach((loop, burner) -> repeat(loop, burner::look, CpuBurner.LOOK_NS));
    }
    if (leakBytes > 0) {
      long startNs = nanoClock.getAsLong();
      repeat(loops.iterator().next(), () -> grow(startNs), LEAK_PERIOD_NS);
    }
  }

  @Override
  public void connected(ChannelPipeline pipeline) {
    if (needRequests()) {
      pipeline.addBefore(pipeline.lastContext().name(), null, new Interceptor());
    }
  }

  @Override
  public void route(RoutesConfig routes) {
    if (needRequests()) {
      routes.before(
          context -> {
            if (fails(context.method().name(), context.path())) {
              context.status(requests.status).contentType("application/json");
              context.result(Json.bytes(requests.body));
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

  /**
   * Counts a request that is work, leaks what is due, and returns true if it is to fail. Failures
   * are spread evenly: of any hundred neighbours at 6 %, six.
   */
  boolean fails(String method, String path) {
    if (!requests.work.matcher(method + " " + path).matches()) {
      return false;
    }
    long number = count.incrementAndGet();
    if (fdEvery > 0 && number % fdEvery == 0) {
      descriptors.leak();
    }
    if (threadEvery > 0 && number % threadEvery == 0) {
      threads.leak();
    }
    boolean fails = number * errors / WHOLE > (number - 1) * errors / WHOLE;
    if (fails) {
      counted.forEach(LongAdder::increment);
    }
    return fails;
  }

  /** Retains what is due, also when that is late. */
  private long grow(long startNs) {
    long due = (nanoClock.getAsLong() - startNs) / LEAK_PERIOD_NS;
    for (long pieces = memory.count(); pieces < due; pieces++) {
      memory.leak();
    }
    return LEAK_PERIOD_NS;
  }

  /** Repeats a step, which returns the delay to the next time in nanoseconds. */
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

  /** Answers requests that are to fail in the target's place; used by one connection. */
  private final class Interceptor extends ChannelInboundHandlerAdapter {
    private boolean swallows;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        swallows = fails(request.method().name(), request.uri().split("\\?", 2)[0]);
        if (swallows) {
          HttpResponseStatus status = HttpResponseStatus.valueOf(requests.status);
          Replies.send(ctx, Replies.json(status, requests.body), HttpUtil.isKeepAlive(request));
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
}
