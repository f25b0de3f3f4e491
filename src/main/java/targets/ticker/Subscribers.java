package targets.ticker;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import targets.shared.Clocks;
import targets.shared.CloseReason;

/** Makes the subscribers of a ticker, and holds what they share. Thread-safe. */
final class Subscribers implements SubscriberPolicy {
  /** A time further off than this is not of a clock that shows the time of day. */
  private static final double SAME_CLOCK_MS = 60_000;

  final FanOut fanOut;
  final Feeds feeds;
  final Admission admission;
  final TickerMetrics metrics;
  final TickerSettings settings;
  final Clocks clocks;
  final Rate frameRate;
  final SubscriberPolicy policy;
  private final AtomicLong numbers = new AtomicLong();

  Subscribers(
      FanOut fanOut,
      Feeds feeds,
      Admission admission,
      TickerMetrics metrics,
      TickerSettings settings,
      Clocks clocks,
      TickerServer.Seam seam) {
    this.fanOut = fanOut;
    this.feeds = feeds;
    this.admission = admission;
    this.metrics = metrics;
    this.settings = settings;
    this.clocks = clocks;
    this.frameRate = Rate.perSecond(settings.limits().messagesPerConnection());
    this.policy = seam.policy(this);
  }

  /** Returns a subscriber for a connection that is about to be upgraded. */
  Subscriber of(SocketChannel channel, Admission.Answer.Guest guest) {
    return new Subscriber(this, channel, guest, numbers.incrementAndGet());
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
    if (admission.maySend(subscriber.guest(), nowNs)) {
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
}
