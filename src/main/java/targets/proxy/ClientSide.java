package targets.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import targets.shared.Replies;

/**
 * One client connection: its requests one after the other. What a client sends ahead of its turn is
 * kept, at most what one read brings; then it is not read until it is its turn.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientSide extends ChannelInboundHandlerAdapter {
  /** How long a client may take to end its side after the reply that ends the connection. */
  private static final int LINGER_MS = 1000;

  private final ProxyParts parts;
  private final UpstreamPool pool;
  private final SocketChannel channel;
  private final Outlet outlet;
  private final ArrayDeque<HttpObject> ahead = new ArrayDeque<>();

  private ChannelHandlerContext ctx;
  private HttpRequest request;
  private Exchange exchange;
  private boolean requestOpen;
  private boolean taking;
  private boolean closing;
  private boolean endsWithConnection;
  private ScheduledFuture<?> idleTimer;

  /**
   * @param wire the context below the HTTP encoder, for bytes that are framed already
   */
  ClientSide(
      ProxyParts parts, UpstreamPool pool, SocketChannel channel, ChannelHandlerContext wire) {
    this.parts = parts;
    this.pool = pool;
    this.channel = channel;
    this.outlet = parts.outlet(wire);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    parts.clients().add(this);
    awaitRequest();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ahead.add((HttpObject) message);
    takeAhead();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (exchange != null) {
      exchange.flushRequest();
    }
    goOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (exchange != null) {
      exchange.clientWritable(channel.isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    parts.clients().remove(this);
    cancelIdleTimer();
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    if (exchange != null) {
      exchange.clientLeft();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A reset, or a write to a connection that is gone: either way the client left.
    ctx.close();
  }

  /** Takes what is due and reads on or not, as the exchange wants it. */
  void goOn() {
    takeAhead();
    boolean read = ahead.isEmpty() && (exchange == null || exchange.wantsClientRead());
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  /** Ends an idle connection now, a busy one after its response. From any thread. */
  void drain() {
    executor()
        .execute(
            () -> {
              if (request == null) {
                ctx.close();
              }
            });
  }

  /** Ends the connection now, whatever is under way. From any thread. */
  void cutOff() {
    executor()
        .execute(
            () -> {
              if (request != null) {
                channel.config().setSoLinger(0);
              }
              ctx.close();
            });
  }

  private void takeAhead() {
    if (taking) {
      return;
    }
    taking = true;
    while (!ahead.isEmpty() && isDue(ahead.peekFirst())) {
      HttpObject next = ahead.pollFirst();
      if (closing) {
        ReferenceCountUtil.release(next);
      } else if (next instanceof HttpRequest head) {
        take(head);
      } else {
        take((HttpContent) next);
      }
    }
    taking = false;
  }

  private boolean isDue(HttpObject next) {
    if (closing) {
      return true;
    }
    return next instanceof HttpRequest ? request == null : exchange == null || exchange.takesBody();
  }

  private void take(HttpRequest head) {
    request = head;
    requestOpen = true;
    endsWithConnection = false;
    cancelIdleTimer();
    Routes.Route route =
        parts.routes().of(head, channel.remoteAddress().getAddress().getHostAddress());
    if (route instanceof Routes.Route.Forward forward) {
      forward(forward.request());
    } else if (route instanceof Routes.Route.Reply answer) {
      reply(answer.reply());
    } else if (route instanceof Routes.Route.Refuse refuse) {
      closeAfter(refuse.reply());
    } else if (route == Routes.Route.Own.HEALTH) {
      parts.watch().health(executor(), this::reply);
    } else {
      parts.watch().metrics(executor(), () -> reply(parts.metrics().reply(head)));
    }
  }

  private void take(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      brokenBody();
      return;
    }
    boolean last = content instanceof LastHttpContent;
    if (exchange == null) {
      content.release();
    } else {
      exchange.requestBody(content);
    }
    if (last) {
      requestOpen = false;
      if (exchange == null && request == null) {
        awaitRequest();
      }
    }
  }

  private void forward(ForwardedRequest forwarded) {
    switch (parts.slots().take()) {
      case TAKEN -> {
        exchange = new Exchange(this, forwarded, parts, pool);
        exchange.begin();
      }
      case FULL -> {
        parts.counters().refused.increment();
        reply(
            ProxyReplies.unavailable("as many streams as allowed are running", "too_many_streams"));
      }
      case DRAINING -> {
        parts.counters().refused.increment();
        closeAfter(ProxyReplies.unavailable("the proxy is stopping", "draining"));
      }
    }
  }

  /** The request's chunks are wrong: nobody can tell where the next request begins. */
  private void brokenBody() {
    Exchange broken = exchange;
    exchange = null;
    boolean answered = broken != null && broken.hasAnswer();
    if (broken != null) {
      broken.clientLeft();
    }
    if (answered) {
      breakOff();
    } else if (request != null) {
      closeAfter(ProxyReplies.badRequest("the request's body is not HTTP/1.1", "bad_request"));
    } else {
      ctx.close();
    }
  }

  // ---- replies of the proxy itself

  /** Answers the current request with a whole reply. */
  void reply(FullHttpResponse reply) {
    if (closing) {
      reply.release();
      return;
    }
    if (!keepsAlive() || parts.slots().isDraining()) {
      closeAfter(reply);
      return;
    }
    if (isHead()) {
      writeHeadOnly(reply);
      ctx.flush();
    } else {
      Replies.send(ctx, reply, true);
    }
    next();
  }

  private void closeAfter(FullHttpResponse reply) {
    reply.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (isHead()) {
      writeHeadOnly(reply);
    } else {
      ctx.write(reply);
    }
    closeGently();
  }

  private void writeHeadOnly(FullHttpResponse reply) {
    ctx.write(new DefaultHttpResponse(reply.protocolVersion(), reply.status(), reply.headers()));
    ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
    reply.release();
  }

  private boolean isHead() {
    return request != null && HttpMethod.HEAD.equals(request.method());
  }

  // ---- for the exchange

  Outlet outlet() {
    return outlet;
  }

  ByteBufAllocator alloc() {
    return ctx.alloc();
  }

  ChannelPromise promise() {
    return ctx.newPromise();
  }

  EventLoop executor() {
    return channel.eventLoop();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** A figure that changes whenever a client that is behind takes bytes. */
  long backlog() {
    return channel.bytesBeforeWritable();
  }

  /** True if the client wants its connection kept after the current request. */
  boolean keepsAlive() {
    return HttpVersion.HTTP_1_1.equals(request.protocolVersion()) && HttpUtil.isKeepAlive(request);
  }

  /** Notes how the current response is delimited, as a broken one must not look whole. */
  void endsWithConnection(boolean ends) {
    endsWithConnection = ends;
  }

  /** The current response is whole and sent. */
  void exchangeEnded(boolean keepAlive) {
    exchange = null;
    if (!keepAlive || requestOpen || parts.slots().isDraining()) {
      closeGently();
    } else {
      next();
    }
  }

  /**
   * Ends the connection in the middle of a response. Where only the connection's end could tell the
   * client that the response is whole, it is reset.
   */
  void breakOff() {
    exchange = null;
    if (endsWithConnection) {
      channel.config().setSoLinger(0);
    }
    ctx.close();
  }

  // ---- between requests

  private void next() {
    exchange = null;
    request = null;
    if (!requestOpen) {
      awaitRequest();
    }
    goOn();
  }

  private void awaitRequest() {
    cancelIdleTimer();
    long ns = parts.settings().idleTimeout().toNanos();
    idleTimer = executor().schedule(() -> ctx.close(), ns, TimeUnit.NANOSECONDS);
  }

  private void cancelIdleTimer() {
    if (idleTimer != null) {
      idleTimer.cancel(false);
      idleTimer = null;
    }
  }

  /**
   * Closes after what was written. A client that still sends is first told that nothing more comes,
   * and what it sends is thrown away: a close with unread bytes would reset the connection, and the
   * reply could be lost with it.
   */
  private void closeGently() {
    exchange = null;
    closing = true;
    cancelIdleTimer();
    if (requestOpen) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> channel.shutdownOutput());
      idleTimer = executor().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    } else {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
    goOn();
  }
}
