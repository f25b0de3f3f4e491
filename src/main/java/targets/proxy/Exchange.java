package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import targets.proxy.Routes.Route.Forward;

/**
 * One proxied request, from its slot to its end: it ties a client's connection to an upstream's,
 * watches the time and counts the outcome once. Used by one event loop.
 */
final class Exchange {
  private enum Phase {
    CONNECTING,
    AWAITING_HEAD,
    BODY,
    ENDING,
    OVER
  }

  private enum Outcome {
    COMPLETED,
    ABORTED,
    FAILED
  }

  private final ClientSide client;
  private final Forward request;
  private final ProxyServer proxy;
  private final ProxyMetrics metrics;
  private final UpstreamPool pool;

  private Phase phase = Phase.CONNECTING;
  private UpstreamSide upstream;
  private boolean fromPool;
  private boolean requestSent;
  private Answer answer;
  private boolean unflushed;
  private ScheduledFuture<?> timer;
  private long progressNs;
  private long lastBacklog;

  Exchange(ClientSide client, Forward request, UpstreamPool pool) {
    this.client = client;
    this.request = request;
    this.proxy = client.proxy();
    this.metrics = proxy.metrics();
    this.pool = pool;
    requestSent = request.canBeSentAgain();
  }

  /** Takes an upstream connection, an idle one or a new one. */
  void begin() {
    metrics.total.increment();
    UpstreamSide idle = pool.take();
    fromPool = idle != null;
    if (fromPool) {
      attach(idle);
    } else {
      pool.connect(this);
    }
  }

  void connected(UpstreamSide side) {
    if (phase == Phase.CONNECTING) {
      attach(side);
    } else {
      side.close();
    }
  }

  void connectFailed(Throwable cause) {
    if (phase != Phase.CONNECTING) {
      return;
    }
    metrics.upstreamFailures.increment();
    fail(
        cause instanceof ConnectTimeoutException
            ? ProxyReplies.gatewayTimeout(
                "the upstream did not accept in time", "upstream_connect_timeout")
            : ProxyReplies.badGateway("the upstream cannot be reached", "upstream_unreachable"));
  }

  private void attach(UpstreamSide side) {
    upstream = side;
    phase = Phase.AWAITING_HEAD;
    progressNs = proxy.nowNs();
    side.begin(this, request);
    watchIn(limitNs());
    client.goOn();
    flushRequest();
  }

  // ---- from the client

  /** True if pieces of the request's body can be taken now. */
  boolean takesBody() {
    return phase != Phase.CONNECTING || request.canBeSentAgain();
  }

  /** True if the client is to be read, for its request's body or to see it leave. */
  boolean wantsClientRead() {
    if (phase == Phase.CONNECTING) {
      return requestSent;
    }
    return requestSent || upstream == null || upstream.isWritable();
  }

  /** True once the response's head went to the client. */
  boolean hasAnswer() {
    return answer != null;
  }

  boolean isRequestSent() {
    return requestSent;
  }

  /** Passes a piece of the request's body on, and its ownership. */
  void requestBody(HttpContent content) {
    if (upstream == null || request.canBeSentAgain()) {
      content.release();
      return;
    }
    progressNs = proxy.nowNs();
    requestSent |= content instanceof LastHttpContent;
    upstream.send(content);
  }

  void flushRequest() {
    if (upstream != null && !request.canBeSentAgain()) {
      upstream.flush();
    }
  }

  /** Stops or resumes the reading of the upstream. */
  void clientWritable(boolean writable) {
    if (!writable && phase == Phase.BODY) {
      metrics.bufferHits.increment();
    }
    if (upstream != null) {
      progressNs = proxy.nowNs();
      upstream.reading(writable);
    }
  }

  /** The client is gone: so is, at once, its upstream connection. */
  void clientLeft() {
    if (phase == Phase.OVER) {
      return;
    }
    if (upstream != null) {
      metrics.cancelled.increment();
    }
    over(Outcome.ABORTED);
  }

  // ---- from the upstream

  /** Passes an interim response on to clients that know of such. */
  void interim(ResponseHead head) {
    if (request.isHttp11()) {
      HopByHop.strip(head.headers());
      client.write(head.encode(client.channel().alloc()));
      unflushed = true;
    }
  }

  void head(ResponseHead head, BodyScanner body) {
    phase = Phase.BODY;
    answer = new Answer(head, body, request, client);
    unflushed = true;
    stopWatch();
    watchIn(limitNs());
  }

  /** Takes the places of the response's content. */
  BodyScanner.Sink contentSink() {
    return answer;
  }

  /** Passes on one read of the response's body, and its ownership. */
  void body(ByteBuf in) {
    progressNs = proxy.nowNs();
    answer.body(in);
    unflushed = true;
  }

  void flush() {
    if (unflushed) {
      unflushed = false;
      if (answer == null) {
        client.flush();
      } else {
        answer.flush();
      }
    }
  }

  void upstreamWritable() {
    client.goOn();
  }

  /** The response is whole. */
  void upstreamEnded() {
    upstream = null;
    phase = Phase.ENDING;
    ChannelPromise sent = client.channel().newPromise();
    sent.addListener(
        done -> {
          if (phase == Phase.ENDING) {
            over(done.isSuccess() ? Outcome.COMPLETED : Outcome.ABORTED);
            client.exchangeEnded(answer.keepsAlive());
          }
        });
    answer.end(sent);
  }

  /** The upstream's connection ended too early, or its answer made no sense. */
  void upstreamBroke(String message) {
    boolean stale = fromPool && phase == Phase.AWAITING_HEAD && !upstream.hasAnswered();
    upstream = null;
    if (stale && request.canBeSentAgain()) {
      fromPool = false;
      phase = Phase.CONNECTING;
      stopWatch();
      pool.connect(this);
      return;
    }
    metrics.upstreamFailures.increment();
    if (phase == Phase.AWAITING_HEAD) {
      fail(ProxyReplies.badGateway(message, "upstream_broken"));
    } else {
      breakOff();
    }
  }

  // ---- ends

  private void fail(FullHttpResponse reply) {
    over(Outcome.FAILED);
    client.reply(reply);
  }

  /** Sends what came, then ends the client's connection without the end of its response. */
  private void breakOff() {
    phase = Phase.ENDING;
    ChannelPromise sent = client.channel().newPromise();
    sent.addListener(
        done -> {
          if (phase == Phase.ENDING) {
            over(Outcome.ABORTED);
            client.breakOff();
          }
        });
    answer.end(sent);
  }

  private void over(Outcome outcome) {
    phase = Phase.OVER;
    stopWatch();
    if (upstream != null) {
      upstream.close();
      upstream = null;
    }
    switch (outcome) {
      case COMPLETED -> {
        metrics.completed.increment();
        metrics.messagesCompleted.add(answer.events());
      }
      case ABORTED -> metrics.aborted.increment();
      case FAILED -> metrics.failed.increment();
    }
    proxy.slots().giveBack();
  }

  // ---- time

  private long limitNs() {
    return phase == Phase.AWAITING_HEAD
        ? proxy.settings().responseTimeout().toNanos()
        : proxy.settings().idleTimeout().toNanos();
  }

  private void watchIn(long ns) {
    timer = client.channel().eventLoop().schedule(this::watch, ns, TimeUnit.NANOSECONDS);
  }

  private void stopWatch() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void watch() {
    long now = proxy.nowNs();
    long backlog = client.channel().bytesBeforeWritable();
    if (backlog != lastBacklog) {
      // A slow client that still takes bytes is slow, not idle.
      lastBacklog = backlog;
      progressNs = now;
    }
    long leftNs = limitNs() - (now - progressNs);
    if (leftNs > 0) {
      watchIn(leftNs);
    } else {
      timedOut();
    }
  }

  private void timedOut() {
    if (phase == Phase.AWAITING_HEAD && !requestSent) {
      fail(ProxyReplies.requestTimeout());
    } else if (phase == Phase.AWAITING_HEAD) {
      metrics.upstreamFailures.increment();
      fail(
          ProxyReplies.gatewayTimeout(
              "the upstream did not answer in time", "upstream_response_timeout"));
    } else if (phase == Phase.BODY && client.channel().isWritable()) {
      metrics.upstreamFailures.increment();
      upstream.close();
      upstream = null;
      breakOff();
      watchIn(limitNs());
    } else {
      // The client takes nothing any more.
      over(Outcome.ABORTED);
      client.breakOff();
    }
  }
}
