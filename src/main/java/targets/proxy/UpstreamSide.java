package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import java.net.ProtocolException;
import targets.proxy.ProxyRoutes.Forward;

/**
 * One connection to the upstream. It reads response heads itself and hands bodies on as they are
 * read. Its event loop is its client's.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamSide extends ChannelInboundHandlerAdapter {
  Channel channel;

  /** Whether a byte of the response has come. */
  boolean answered;

  /** Monotonic time in nanoseconds; kept by the pool. */
  long idleSinceNs;

  private final UpstreamPool pool;
  private final ProxyMetrics metrics;

  private Exchange exchange;
  private boolean headRequest;
  private ByteBuf partialHead;
  private BodyScanner body;
  private boolean reusable;
  private boolean broken;

  UpstreamSide(UpstreamPool pool, ProxyMetrics metrics) {
    this.pool = pool;
    this.metrics = metrics;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  /** Sends a request's head, and its body as far as it is known. */
  void begin(Exchange next, Forward request) {
    exchange = next;
    headRequest = HttpMethod.HEAD.equals(request.head().method());
    body = null;
    answered = false;
    channel.write(request.head(), channel.voidPromise());
    request.body().ifPresent(bytes -> send(new DefaultLastHttpContent(bytes.duplicate())));
    channel.flush();
  }

  /** Sends a piece of the request's body, without a flush. */
  void send(HttpContent content) {
    channel.write(content, channel.voidPromise());
  }

  /** Gives the connection up; its exchange gets no more events. */
  void close() {
    exchange = null;
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    metrics.upstreamBytes.add(in.readableBytes());
    if (exchange == null) {
      // Bytes outside of a response: the connection is out of step.
      in.release();
      channel.close();
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
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.client.goOn();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
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
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken = true;
    channel.close();
  }

  private void readHead(ByteBuf in) {
    ByteBuf all = in;
    if (partialHead != null) {
      all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), partialHead, in);
      partialHead = null;
    }
    try {
      while (body == null) {
        ResponseHead head = ResponseHead.read(all);
        if (head == null) {
          partialHead = all;
          return;
        }
        takeHead(head);
      }
    } catch (ProtocolException e) {
      all.release();
      giveUp("the upstream's answer is not HTTP/1.1: " + e.getMessage());
      return;
    }
    passOn(all);
  }

  private void takeHead(ResponseHead head) throws ProtocolException {
    if (head.status() == 101) {
      throw new ProtocolException("a switch of protocols without a request for it");
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
    int end = body.scan(in, current.response);
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
      boolean kept = reusable && current.requestSent && channel.isActive();
      current.upstreamEnded();
      if (kept) {
        channel.config().setAutoRead(true);
        pool.giveBack(this);
      } else {
        channel.close();
      }
    }
  }

  private void giveUp(String message) {
    Exchange last = exchange;
    exchange = null;
    channel.close();
    last.upstreamBroke(message);
  }
}
