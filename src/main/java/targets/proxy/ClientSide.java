package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import targets.proxy.ProxyRoutes.Forward;
import targets.shared.Replies;
import targets.shared.RequestTimer;

/**
 * One client connection: its requests one after the other. What a client sends ahead of its turn is
 * kept, at most what one read brings; then it is not read until it is its turn.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientSide extends ChannelInboundHandlerAdapter {
  /** How long a client may take to end its side after the reply that ends the connection. */
  private static final long LINGER_MS = 1000;

  final ProxyServer proxy;
  final SocketChannel channel;

  /** Below the HTTP encoder, for bytes that are framed already. */
  final ChannelHandlerContext wire;

  /** How the current response is delimited, as a broken one must not look whole. */
  boolean endsWithConnection;

  private final UpstreamPool pool;
  private final RequestTimer timer;
  private final ArrayDeque<HttpObject> ahead = new ArrayDeque<>();

  private ChannelHandlerContext ctx;
  private HttpRequest request;
  private Exchange exchange;
  private boolean requestOpen;
  private boolean taking;
  private boolean closing;

  ClientSide(
      ProxyServer proxy,
      UpstreamPool pool,
      SocketChannel channel,
      ChannelHandlerContext wire,
      RequestTimer timer) {
    this.timer = timer;
    this.proxy = proxy;
    this.pool = pool;
    this.channel = channel;
    this.wire = wire;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
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
    } else {
      goOn();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
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

  /** Takes what is due, and reads on if the exchange takes more or the client reads its replies. */
  void goOn() {
    takeAhead();
    boolean takes = exchange == null ? closing || channel.isWritable() : exchange.wantsClientRead();
    boolean read = ahead.isEmpty() && takes;
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  /** Ends an idle connection now, a busy one after its response. */
  void drain() {
    if (request == null) {
      ctx.close();
    }
  }

  /** Ends the connection now, also in mid response. */
  void cutOff() {
    if (request != null) {
      channel.config().setSoLinger(0);
    }
    ctx.close();
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
    proxy.routes.of(head, channel.remoteAddress().getAddress().getHostAddress()).take(this);
  }

  void health() {
    if (proxy.service.isStopping()) {
      reply(ProxyReplies.stopping());
    } else {
      proxy.watch.health(channel.eventLoop(), this::reply);
    }
  }

  void metrics(HttpRequest head) {
    proxy.watch.metrics(channel.eventLoop(), () -> reply(proxy.metrics.reply(head)));
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
    }
  }

  void forward(Forward forwarded) {
    if (proxy.slots.take()) {
      exchange = new Exchange(this, forwarded, pool);
      exchange.begin();
    } else {
      proxy.metrics.refused.increment();
      String full = "as many streams as allowed are running";
      reply(
          proxy.slots.isDraining()
              ? ProxyReplies.stopping()
              : ProxyReplies.unavailable(full, "too_many_streams"));
    }
  }

  /** The request's chunks are wrong: the beginning of the next request is unknown. */
  private void brokenBody() {
    Exchange broken = exchange;
    exchange = null;
    if (broken != null) {
      broken.clientLeft();
    }
    if (broken != null && broken.response != null) {
      breakOff();
    } else if (request != null) {
      reply(ProxyReplies.error(400, "the request's body is not HTTP/1.1", "bad_request"), true);
    } else {
      ctx.close();
    }
  }

  void reply(FullHttpResponse reply) {
    reply(reply, false);
  }

  void reply(FullHttpResponse reply, boolean ends) {
    if (closing) {
      reply.release();
      return;
    }
    mark(reply.headers());
    boolean keepAlive = !ends && keepsAlive() && !proxy.service.isStopping();
    Replies.markKeepAlive(reply, keepAlive);
    if (HttpMethod.HEAD.equals(request.method())) {
      reply.content().clear();
    }
    ctx.writeAndFlush(reply);
    if (keepAlive) {
      next();
    } else {
      closeGently();
    }
  }

  /** Lets a page of an allowed origin read the current response. */
  void mark(HttpHeaders response) {
    proxy.settings.listener().origins().mark(request.headers(), response);
  }

  /** Writes framed bytes of a response past the HTTP encoder, and takes their ownership. */
  void write(ByteBuf bytes) {
    // No promise per piece: a failed write closes the connection, which is seen anyway.
    wire.write(bytes, wire.voidPromise());
  }

  /** Sends what was written; the promise completes when the socket has the last byte. */
  void finish(ChannelPromise sent) {
    wire.writeAndFlush(Unpooled.EMPTY_BUFFER, sent);
  }

  /** Returns true if the client keeps its connection open after the current request. */
  boolean keepsAlive() {
    return HttpVersion.HTTP_1_1.equals(request.protocolVersion()) && HttpUtil.isKeepAlive(request);
  }

  /** The current response is whole and sent. */
  void exchangeEnded(boolean keepAlive) {
    exchange = null;
    if (!keepAlive || requestOpen || proxy.service.isStopping()) {
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

  private void next() {
    exchange = null;
    request = null;
    timer.answered();
    goOn();
  }

  /**
   * Closes after what was written. A client that still sends gets the end of the output first, and
   * the rest of its input is dropped: a close with unread bytes would reset the connection, and the
   * reply could be lost with it.
   */
  private void closeGently() {
    exchange = null;
    closing = true;
    if (requestOpen) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> channel.shutdownOutput());
      channel.eventLoop().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    } else {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
    goOn();
  }
}
