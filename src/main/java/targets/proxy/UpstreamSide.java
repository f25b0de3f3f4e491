package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import targets.proxy.Routes.Route.Forward;

/**
 * One connection to the upstream. It reads response heads itself and hands bodies on as they are
 * read. Its event loop is its client's.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamSide extends ChannelInboundHandlerAdapter {
  private final UpstreamPool pool;
  private final ProxyMetrics metrics;

  private ChannelHandlerContext ctx;
  private Exchange exchange;
  private boolean headRequest;
  private ByteBuf partialHead;
  private BodyScanner body;
  private boolean answered;
  private boolean reusable;
  private boolean broken;
  private long idleSince;

  UpstreamSide(UpstreamPool pool, ProxyMetrics metrics) {
    this.pool = pool;
    this.metrics = metrics;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  /** Sends a request's head, and its body as far as it is known. */
  void begin(Exchange next, Forward request) {
    exchange = next;
    headRequest = request.isHead();
    body = null;
    answered = false;
    ctx.write(request.head(), ctx.voidPromise());
    request.body().ifPresent(bytes -> send(new DefaultLastHttpContent(bytes.duplicate())));
    ctx.flush();
  }

  /** Sends a piece of the request's body, without a flush. */
  void send(HttpContent content) {
    ctx.write(content, ctx.voidPromise());
  }

  void flush() {
    ctx.flush();
  }

  /** Returns false while the upstream takes the request's body slower than the client sends it. */
  boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** Reads on, or leaves the bytes to the upstream's and the kernel's buffers. */
  void reading(boolean on) {
    ctx.channel().config().setAutoRead(on);
  }

  /** Returns true if a byte of the response has come. */
  boolean hasAnswered() {
    return answered;
  }

  void idleSince(long nanos) {
    idleSince = nanos;
  }

  long idleSince() {
    return idleSince;
  }

  /** Gives the connection up; its exchange gets no more events. */
  void close() {
    exchange = null;
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    metrics.upstreamBytes.add(in.readableBytes());
    if (exchange == null) {
      // Bytes outside of a response: the connection is out of step.
      in.release();
      ctx.close();
      return;
    }
    answered = true;
    if (body != null) {
      passOn(in);
    } else {
      readHead(in);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (exchange != null) {
      exchange.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (exchange != null) {
      exchange.upstreamWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (partialHead != null) {
      partialHead.release();
      partialHead = null;
    }
    pool.forget(this);
    Exchange last = exchange;
    exchange = null;
    if (last == null) {
      return;
    }
    if (!broken && body != null && body.endsWithConnection()) {
      last.upstreamEnded();
    } else {
      last.upstreamBroke(answered ? "the upstream broke off" : "the upstream closed unanswered");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broken = true;
    ctx.close();
  }

  private void readHead(ByteBuf in) {
    ByteBuf all = in;
    if (partialHead != null) {
      all = partialHead.writeBytes(in);
      partialHead = null;
      in.release();
    }
    try {
      while (body == null) {
        ResponseHead head = ResponseHead.read(all);
        if (head == null) {
          partialHead = all.isReadable() ? ctx.alloc().buffer().writeBytes(all) : null;
          all.release();
          return;
        }
        takeHead(head);
      }
    } catch (ResponseHead.BadHead e) {
      all.release();
      giveUp("the upstream's answer is not HTTP/1.1: " + e.getMessage());
      return;
    }
    passOn(all);
  }

  private void takeHead(ResponseHead head) throws ResponseHead.BadHead {
    if (head.status() == 101) {
      throw new ResponseHead.BadHead("a switch of protocols without a request for it");
    }
    if (head.isInterim()) {
      exchange.interim(head);
      return;
    }
    body = head.body(headRequest);
    reusable = head.keepsAlive() && !body.endsWithConnection();
    exchange.head(head, body);
  }

  private void passOn(ByteBuf in) {
    Exchange current = exchange;
    int end = body.scan(in, current.contentSink());
    if (end == BodyScanner.BAD) {
      in.release();
      giveUp("the upstream's chunks are wrong");
      return;
    }
    if (end < in.writerIndex()) {
      reusable = false;
      in.writerIndex(end);
    }
    current.body(in);
    if (body.isWhole()) {
      exchange = null;
      boolean kept = reusable && current.isRequestSent() && ctx.channel().isActive();
      current.upstreamEnded();
      if (kept) {
        reading(true);
        pool.giveBack(this);
      } else {
        ctx.close();
      }
    }
  }

  private void giveUp(String message) {
    Exchange last = exchange;
    exchange = null;
    ctx.close();
    last.upstreamBroke(message);
  }
}
