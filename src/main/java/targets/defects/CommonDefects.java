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
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
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
  /** Of a smoke run's 700 streams, 70 threads are visible and disturb nothing. */
  static final List<Defect> ALL =
      Defect.all(
          "slow=20% in 1%..1000%, leak=1MB/s in 1KB/s..100MB/s, fd-leak[=1] in 1..1000000,"
              + " thread-leak[=10] in 1..1000000, error=6% in 0.001%..100%");

  /** Those that happen at requests. */
  static final List<String> AT_REQUESTS = List.of("fd-leak", "thread-leak", "error");

  private static final long WHOLE = 100_000;

  private static final int THREADS_MAX = 2_000;
  private static final long LEAKS_PER_S = 10;

  private final AtomicLong count = new AtomicLong();
  private final List<Leak> leaks =
      List.of(
          new Leak("fd-leak", Integer.MAX_VALUE, SocketChannel::open),
          new Leak("thread-leak", THREADS_MAX, Leak::thread));
  private final Leak memory;
  private final Defects defects;
  private final Requests requests;
  private final Pattern work;
  private final boolean needsRequests;
  private List<LongAdder> counted = List.of();
  private volatile boolean closed;

  /**
   * The requests that are a target's work, and its answer to one that is to fail.
   *
   * @param work regular expression of method and path, such as {@code GET /sse}
   * @param body JSON of the answer, as maps and plain values
   * @param counted names of the target's counters that such an answer increments
   */
  record Requests(String work, int status, Object body, List<String> counted) {
    static final Requests NONE = of("none");

    static Requests of(String work, String... counted) {
      return new Requests(work, 500, Map.of("error", "a planted error"), List.of(counted));
    }
  }

  CommonDefects(Defects defects, Requests requests) {
    this.defects = defects;
    this.requests = requests;
    work = Pattern.compile(requests.work);
    needsRequests = defects.hasAny(AT_REQUESTS);
    int pieceBytes = (int) (defects.value("leak") / LEAKS_PER_S);
    memory = new Leak("leak", Integer.MAX_VALUE, () -> Leak.memory(pieceBytes));
  }

  @Override
  public void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {
    if (defects.has("error")) {
      LongAdder planted = counters.counter("planted_errors", "Requests with a planted error");
      Stream<LongAdder> own = requests.counted.stream().map(counters::named);
      counted = Stream.concat(Stream.of(planted), own).toList();
    }
    if (defects.has("slow")) {
      List<ScheduledExecutorService> all = new ArrayList<>();
      loops.forEach(all::add);
      CpuBurner burner =
          new CpuBurner(defects.value("slow"), all.size(), CpuBurner.Clock.ofThisProcess());
      all.forEach(loop -> burn(loop, burner, CpuBurner.LOOK_NS));
    }
    if (defects.has("leak")) {
      long everyMs = 1_000 / LEAKS_PER_S;
      var unused =
          loops
              .iterator()
              .next()
              .scheduleAtFixedRate(memory::leak, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void connected(ChannelPipeline pipeline) {
    if (needsRequests) {
      pipeline.addBefore(pipeline.lastContext().name(), null, new Interceptor());
    }
  }

  @Override
  public void route(RoutesConfig routes) {
    if (needsRequests) {
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
    leaks.forEach(Leak::close);
  }

  /**
   * Counts a request that is work, leaks what is due, and returns true if it is to fail. Failures
   * are spread evenly: of any hundred neighbours at 6 %, six.
   */
  boolean fails(String method, String path) {
    if (!work.matcher(method + " " + path).matches()) {
      return false;
    }
    long number = count.incrementAndGet();
    leaks.stream().filter(leak -> defects.hits(leak.name(), number)).forEach(Leak::leak);
    long errors = defects.value("error");
    boolean fails = number * errors / WHOLE > (number - 1) * errors / WHOLE;
    if (fails) {
      counted.forEach(LongAdder::increment);
    }
    return fails;
  }

  private void burn(ScheduledExecutorService loop, CpuBurner burner, long delayNs) {
    Runnable look =
        () -> {
          if (!closed) {
            burn(loop, burner, burner.look());
          }
        };
    var unused = loop.schedule(look, delayNs, TimeUnit.NANOSECONDS);
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
