package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import targets.proxy.ProxyRoutes.Forward;

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

  final ClientSide client;
  boolean requestSent;

  /** Null until the response's head went to the client. */
  ClientResponse response;

  private final Forward request;
  private final ProxyServer proxy;
  private final ProxyMetrics metrics;
  private final UpstreamPool pool;

  private Phase phase = Phase.CONNECTING;
  private UpstreamSide upstream;
  private boolean fromPool;
  private boolean unflushed;
  private ScheduledFuture<?> timer;
  private long progressNs;
  private long lastBacklog;

  Exchange(ClientSide client, Forward request, UpstreamPool pool) {
    this.client = client;
    this.request = request;
    this.proxy = client.proxy;
    this.metrics = proxy.metrics;
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
    if (phase == Phase.CONNECTING && cause instanceof ConnectTimeoutException) {
      failUpstream(504, "the upstream did not accept in time", "upstream_connect_timeout");
    } else if (phase == Phase.CONNECTING) {
      failUpstream(502, "the upstream cannot be reached", "upstream_unreachable");
    }
  }

  private void attach(UpstreamSide side) {
    upstream = side;
    phase = Phase.AWAITING_HEAD;
    progressNs = proxy.clocks.nowNs();
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
    return requestSent
        || (phase != Phase.CONNECTING && (upstream == null || upstream.channel.isWritable()));
  }

  /** Passes a piece of the request's body on, and its ownership. */
  void requestBody(HttpContent content) {
    if (upstream == null || request.canBeSentAgain()) {
      content.release();
      return;
    }
    progressNs = proxy.clocks.nowNs();
    requestSent |= content instanceof LastHttpContent;
    upstream.send(content);
  }

  void flushRequest() {
    if (upstream != null && !request.canBeSentAgain()) {
      upstream.channel.flush();
    }
  }

  /** Stops or resumes the reading of the upstream. */
  void clientWritable(boolean writable) {
    if (!writable && phase == Phase.BODY) {
      metrics.bufferHits.increment();
    }
    if (upstream != null) {
      progressNs = proxy.clocks.nowNs();
      upstream.channel.config().setAutoRead(writable);
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
    over(metrics.aborted);
  }

  // ---- from the upstream

  /** Passes an interim response on to clients that know of such. */
  void interim(ResponseHead head) {
    if (request.isHttp11()) {
      HopByHop.strip(head.headers());
      client.write(head.encode(client.channel.alloc()));
      unflushed = true;
    }
  }

  void head(ResponseHead head, BodyScanner body) {
    phase = Phase.BODY;
    response = new ClientResponse(head, body, request, client);
    unflushed = true;
    stopWatch();
    watchIn(limitNs());
  }

  /** Passes on one read of the response's body, and its ownership. */
  void body(ByteBuf in) {
    progressNs = proxy.clocks.nowNs();
    response.body(in);
    unflushed = true;
  }

  void flush() {
    if (unflushed) {
      unflushed = false;
      if (response == null) {
        client.wire.flush();
      } else {
        response.flush();
      }
    }
  }

  void upstreamEnded() {
    upstream = null;
    end(true);
  }

  /** The upstream's connection ended too early, or its answer made no sense. */
  void upstreamBroke(String message) {
    boolean stale = fromPool && phase == Phase.AWAITING_HEAD && !upstream.answered;
    upstream = null;
    if (stale && request.canBeSentAgain()) {
      fromPool = false;
      phase = Phase.CONNECTING;
      stopWatch();
      pool.connect(this);
    } else if (phase == Phase.AWAITING_HEAD) {
      failUpstream(502, message, "upstream_broken");
    } else {
      metrics.upstreamFailures.increment();
      end(false);
    }
  }

  // ---- ends

  private void failUpstream(int status, String message, String code) {
    metrics.upstreamFailures.increment();
    fail(status, message, code);
  }

  private void fail(int status, String message, String code) {
    over(metrics.failed);
    client.reply(ProxyReplies.error(status, message, code));
  }

  /** Sends what came; then the response is over, or broken: without its end. */
  private void end(boolean whole) {
    phase = Phase.ENDING;
    ChannelPromise sent = client.channel.newPromise();
    sent.addListener(
        done -> {
          if (phase != Phase.ENDING) {
            return;
          }
          if (whole && done.isSuccess()) {
            metrics.messagesCompleted.add(response.events());
          }
          over(whole && done.isSuccess() ? metrics.completed : metrics.aborted);
          if (whole) {
            client.exchangeEnded(response.keepAlive);
          } else {
            client.breakOff();
          }
        });
    response.flush();
    client.finish(sent);
  }

  private void over(LongAdder outcome) {
    phase = Phase.OVER;
    stopWatch();
    if (upstream != null) {
      upstream.close();
      upstream = null;
    }
    outcome.increment();
    proxy.slots.giveBack();
  }

  // ---- time

  private long limitNs() {
    ProxySettings all = proxy.settings;
    return (phase == Phase.AWAITING_HEAD ? all.responseTimeout() : all.idleTimeout()).toNanos();
  }

  private void watchIn(long ns) {
    timer = client.channel.eventLoop().schedule(this::watch, ns, TimeUnit.NANOSECONDS);
  }

  private void stopWatch() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void watch() {
    long now = proxy.clocks.nowNs();
    long backlog = client.channel.bytesBeforeWritable();
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
      fail(408, "the request's body stopped arriving", "request_timeout");
    } else if (phase == Phase.AWAITING_HEAD) {
      failUpstream(504, "the upstream did not answer in time", "upstream_response_timeout");
    } else if (phase == Phase.BODY && client.channel.isWritable()) {
      metrics.upstreamFailures.increment();
      upstream.close();
      upstream = null;
      watchIn(limitNs());
      end(false);
    } else {
      // The client takes nothing any more.
      over(metrics.aborted);
      client.breakOff();
    }
  }
}
