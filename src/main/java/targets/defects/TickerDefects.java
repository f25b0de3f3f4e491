package targets.defects;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntBiFunction;
import java.util.zip.CRC32;
import targets.defects.CommonDefects.Requests;
import targets.shared.Clocks;
import targets.shared.CloseReason;
import targets.shared.Delivery;
import targets.shared.Delivery.Result;
import targets.shared.PushClient;
import targets.shared.PushMessage;
import targets.shared.TargetSpec;
import targets.ticker.JwtCheck;
import targets.ticker.JwtCheck.Fault;
import targets.ticker.JwtCheck.Verdict;
import targets.ticker.PublisherServer;
import targets.ticker.Subscriber;
import targets.ticker.TickerServer;

/** The defects of the ticker, as decorators of its checks, its decisions and its deliveries. */
public final class TickerDefects implements TickerServer.Seam {
  public static final TargetSpec SPEC =
      Defects.around(
          TickerServer.SPEC,
          Requests.of(".* /ws"),
          "close-after-open[=90%] in 0%..100%, latency-from-wrong-clock, accept-any-token,"
              + " accept-alg-none, no-expiry-check, no-rate-limit,"
              + " drop-broadcast[=100] in 1..9999999, duplicate-broadcast[=100] in 1..9999999,"
              + " blocking-broadcast, leak-client-state, timers-by-time-of-day, "
              + Defects.STOPPING,
          (reader, defects, common) ->
              TickerServer.start(reader, new TickerDefects(defects), common));

  public static final TargetSpec PUBLISHER =
      Defects.around(
          PublisherServer.SPEC,
          Requests.NONE,
          "clock-ahead[=100ms] in 1ms..100s, clock-behind[=100ms] in 1ms..100s,"
              + " clock-step[=100ms] in 1ms..100s",
          (reader, defects, common) -> PublisherServer.start(reader, clocks(defects), common));

  /** Time from the start until {@code clock-step}. */
  private static final long STEP_NS = 8_000_000_000L;

  private static final long PERCENT = 1_000;
  private static final int LEAK_BYTES = 16 * 1024;
  private static final long FOREVER_S = Long.MAX_VALUE / 1_000_000_000;

  private final Leak states =
      new Leak("leak-client-state", Integer.MAX_VALUE, () -> Leak.memory(LEAK_BYTES));
  private final Defects defects;

  private static Clocks clocks(Defects defects) {
    Clocks here = Clocks.SYSTEM;
    long aheadNs = defects.value("clock-ahead") - defects.value("clock-behind");
    long steppedNs = aheadNs + defects.value("clock-step");
    long startNs = here.nowNs();
    return new Clocks(
        here.nano(),
        () ->
            here.wall()
                .instant()
                .plusNanos(here.nowNs() - startNs < STEP_NS ? aheadNs : steppedNs));
  }

  private TickerDefects(Defects defects) {
    this.defects = defects;
  }

  @Override
  public Clocks clocks(Clocks honest) {
    return defects.has("timers-by-time-of-day")
        ? new Clocks(honest::unixNs, honest.wall())
        : honest;
  }

  @Override
  public Function<String, Verdict> tokens(Function<String, Verdict> honest) {
    return token -> forgiven(token, honest.apply(token));
  }

  @Override
  public Subscriber.Policy policy(Subscriber.Policy honest) {
    return new Policy(defects, states, honest);
  }

  @Override
  public <M extends PushMessage> Delivery<M> delivery(Delivery<M> honest, EventLoop loop) {
    Delivery<M> delivery = every("drop-broadcast", 0, every("duplicate-broadcast", 2, honest));
    delivery = defects.stopping(delivery);
    return defects.plant("blocking-broadcast", delivery, all -> new Blocking<>(all, loop));
  }

  /** Makes one delivery in so many happen another number of times. */
  private <M extends PushMessage> Delivery<M> every(String defect, int times, Delivery<M> honest) {
    AtomicLong number = new AtomicLong();
    ToIntBiFunction<PushClient<M>, M> all =
        (client, message) -> defects.hits(defect, number.incrementAndGet()) ? times : 1;
    return defects.plant(defect, honest, right -> Defects.repeated(right, all));
  }

  @Override
  public LongSupplier states(LongSupplier honest) {
    return () -> honest.getAsLong() + states.count();
  }

  private Verdict forgiven(String token, Verdict honest) {
    boolean unsigned = honest.equals(new JwtCheck.Bad(Fault.ALGORITHM)) && token.endsWith(".");
    boolean expired = honest.equals(new JwtCheck.Bad(Fault.EXPIRED));
    Verdict verdict = honest;
    if ((unsigned && defects.has("accept-alg-none"))
        || (expired && defects.has("no-expiry-check"))) {
      verdict = JwtCheck.check(token, decoded -> decoded);
    }
    if (verdict instanceof JwtCheck.Good good) {
      return defects.has("no-expiry-check") ? new JwtCheck.Good(good.user(), FOREVER_S) : good;
    }
    return defects.has("accept-any-token") ? new JwtCheck.Good("anonymous", FOREVER_S) : verdict;
  }

  private record Policy(Defects defects, Leak states, Subscriber.Policy honest)
      implements Subscriber.Policy {
    @Override
    public void opened(Subscriber subscriber) {
      if (isClosed(subscriber.user())) {
        subscriber.close(CloseReason.NOT_AVAILABLE);
      } else {
        honest.opened(subscriber);
      }
    }

    @Override
    public boolean admits(Subscriber subscriber, WebSocketFrame frame) {
      return defects.has("no-rate-limit") || honest.admits(subscriber, frame);
    }

    @Override
    public OptionalDouble latencyMs(double clientMs, double nowMs) {
      return defects.has("latency-from-wrong-clock")
          ? OptionalDouble.of(nowMs - clientMs)
          : honest.latencyMs(clientMs, nowMs);
    }

    @Override
    public void ended(Subscriber subscriber) {
      honest.ended(subscriber);
      if (defects.has("leak-client-state")) {
        states.leak();
      }
    }

    /** The name alone decides, so the same users are closed in every run. */
    private boolean isClosed(String user) {
      CRC32 sum = new CRC32();
      sum.update(user.getBytes(StandardCharsets.UTF_8));
      return sum.getValue() % 100 * PERCENT < defects.value("close-after-open");
    }
  }

  /** Holds every delivery back while the client of the oldest one is slow. Used by one loop. */
  private static final class Blocking<M extends PushMessage> implements Delivery<M> {
    private static final long BLOCKED_MS = 1;

    private record Held<M extends PushMessage>(PushClient<M> client, M message) {}

    private final Queue<Held<M>> held = new ArrayDeque<>();
    private final Delivery<M> honest;
    private final EventLoop loop;

    Blocking(Delivery<M> honest, EventLoop loop) {
      this.honest = honest;
      this.loop = loop;
    }

    @Override
    public Result deliver(PushClient<M> client, M message) {
      if (held.isEmpty() && !client.isSlow()) {
        return honest.deliver(client, message);
      }
      message.retain();
      held.add(new Held<>(client, message));
      if (held.size() == 1) {
        tryLater();
      }
      return Result.WAITING;
    }

    private void tryLater() {
      var unused = loop.schedule(this::release, BLOCKED_MS, TimeUnit.MILLISECONDS);
    }

    private void release() {
      while (!held.isEmpty() && !held.element().client().isSlow()) {
        Held<M> next = held.remove();
        if (next.client().isOpen()) {
          honest.deliver(next.client(), next.message());
          next.client().flush();
        }
        next.message().release();
      }
      if (!held.isEmpty()) {
        tryLater();
      }
    }
  }
}
