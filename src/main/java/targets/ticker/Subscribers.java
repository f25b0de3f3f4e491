package targets.ticker;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import targets.shared.Clocks;
import targets.shared.CloseReason;
import targets.shared.Delivery;
import targets.shared.PushClient;
import targets.shared.PushClients;
import targets.shared.PushGroup;
import targets.ticker.Feeds.Broadcast;

/** All subscribers of a ticker, in one group for each event loop. Thread-safe. */
final class Subscribers implements Subscriber.Policy {
  /** A time further off than this is not of a clock that shows the time of day. */
  private static final double SAME_CLOCK_MS = 60_000;

  final TickerSettings settings;
  final TickerMetrics metrics;
  final Admission admission;
  final Feeds feeds;
  final Clocks clocks;
  final PushClients clients;
  final Rate frameRate;
  final Subscriber.Policy policy;
  private final Map<EventLoop, PushGroup<Broadcast>> groups = new LinkedHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  Subscribers(
      TickerSettings settings,
      TickerMetrics metrics,
      EventExecutorGroup loops,
      TickerServer.Seam seam,
      Clocks clocks) {
    this.settings = settings;
    this.clocks = clocks;
    this.metrics = metrics;
    this.feeds = new Feeds(settings.limits().maxFeeds(), clocks.unixNs());
    JwtCheck tokens =
        new JwtCheck(
            settings.key().key(),
            settings.issuer(),
            settings.audience(),
            settings.leeway(),
            clocks.wall());
    this.admission =
        new Admission(settings.limits(), metrics, seam.tokens(tokens::check), clocks.nano());
    this.clients = new PushClients(loops, settings.push(), metrics, clocks.nano());
    this.frameRate = Rate.perSecond(settings.limits().messagesPerConnection());
    this.policy = seam.policy(this);
    int backlog = settings.limits().backlog();
    for (var each : loops) {
      EventLoop loop = (EventLoop) each;
      Delivery<Broadcast> delivery = seam.delivery(PushClient::take, loop);
      groups.put(loop, new PushGroup<>(loop, backlog, clients, delivery));
    }
  }

  Subscriber of(SocketChannel channel, Admission.Guest guest) {
    return new Subscriber(this, channel, guest, numbers.incrementAndGet());
  }

  /** Sends a broadcast to all, and releases it; blocks while a loop is at its backlog limit. */
  void publish(Broadcast broadcast) {
    groups.values().forEach(group -> group.publish(broadcast));
    broadcast.release();
  }

  /** Closes all subscribers after the broadcasts published so far. */
  void finish() {
    groups.forEach((loop, group) -> group.finish(() -> clients.closeAll(loop)));
  }

  /** Returns the number of broadcasts that wait in the loop that is furthest behind. */
  long waiting() {
    return groups.values().stream().mapToLong(PushGroup::waiting).max().orElse(0);
  }

  @Override
  public void opened(Subscriber subscriber) {
    subscriber.greet();
  }

  @Override
  public boolean admits(Subscriber subscriber, WebSocketFrame frame) {
    long nowNs = clocks.nowNs();
    if (!subscriber.maySend(nowNs)) {
      subscriber.close(CloseReason.TOO_MANY);
      return false;
    }
    if (subscriber.guest().account().maySend(nowNs)) {
      return true;
    }
    metrics.limited.increment();
    // One of many clients of an address need not be the one to blame.
    if (frame.isFinalFragment() && !(frame instanceof ContinuationWebSocketFrame)) {
      subscriber.error("rejected: more messages than an address may send");
    } else {
      subscriber.close(CloseReason.TOO_MANY);
    }
    return false;
  }

  @Override
  public OptionalDouble latencyMs(double clientMs, double nowMs) {
    double latency = nowMs - clientMs;
    return Math.abs(latency) < SAME_CLOCK_MS ? OptionalDouble.of(latency) : OptionalDouble.empty();
  }

  @Override
  public void ended(Subscriber subscriber) {
    admission.ended(subscriber.guest());
  }

  void join(Subscriber subscriber) {
    groups.get(subscriber.loop()).join(subscriber);
  }
}
