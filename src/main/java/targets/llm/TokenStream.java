package targets.llm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import targets.llm.EventWriter.Framing;
import targets.llm.StreamPlan.Ending;

/**
 * One stream: sends the tokens of its plan when they are due, all that are due in one write.
 *
 * <p>A client that is too slow makes the stream wait: nothing is encoded while more than the
 * channel's high-water mark waits for the socket, so that one stream never holds more than that
 * mark and one batch. Tokens stay due meanwhile and follow. Used only on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class TokenStream implements Answer {
  /** At most so many bytes are encoded before the socket is looked at again. */
  static final int BATCH_BYTES = 16 * 1024;

  private final Exchange exchange;
  private final ChannelHandlerContext ctx;
  private final ChannelHandlerContext codec;
  private final EventWriter writer;
  private final Framing framing;
  private final StreamPlan plan;
  private final ChatRequest request;
  private final Pacer.Alarm alarm;
  private final long startNs;
  private int step;
  private int events;
  private long previousNs;
  private boolean waiting;
  private boolean over;

  TokenStream(
      Exchange exchange,
      ChatRequest request,
      StreamPlan plan,
      Completion completion,
      Framing framing) {
    this.exchange = exchange;
    this.ctx = exchange.ctx();
    this.codec = ctx.pipeline().context(HttpServerCodec.class);
    this.request = request;
    this.plan = plan;
    this.writer = new EventWriter(completion, request.delivery(), framing);
    this.framing = framing;
    this.alarm = exchange.pacer().alarm(this::advance);
    this.startNs = exchange.pacer().nowNs();
  }

  /** Sends the head, and the first token if it is due. */
  @Override
  public void begin() {
    ctx.write(head(), ctx.voidPromise());
    advance(startNs);
  }

  @Override
  public void writable() {
    if (waiting && !over) {
      waiting = false;
      advance(exchange.pacer().nowNs());
    }
  }

  @Override
  public void disconnected() {
    over = true;
    alarm.cancel();
    exchange.place().abort();
  }

  @Override
  public void cutShort() {
    if (over) {
      return;
    }
    over = true;
    alarm.cancel();
    ByteBuf last = ctx.alloc().directBuffer();
    int bytes = writer.error(last, Refusal.stopping().asMap()) + writer.done(last);
    send(last, 2, bytes);
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(
            written -> {
              exchange.place().abort();
              exchange.whenOver().accept(Exchange.Persistence.CLOSE);
            });
  }

  private HttpResponse head() {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM);
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    if (framing == Framing.CHUNKED) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    exchange.persistence().mark(head);
    return head;
  }

  private void advance(long nowNs) {
    if (waiting) {
      ctx.close(); // No room for as long as is borne; the close ends the stream.
      return;
    }
    if (!ctx.channel().isWritable()) {
      waitForClient(nowNs);
      return;
    }
    long elapsedNs = nowNs - startNs;
    long dueNs = sendDue(elapsedNs);
    if (dueNs > elapsedNs) {
      ctx.flush();
      alarm.set(startNs + dueNs);
    } else if (step < plan.tokens()) {
      ctx.flush();
      alarm.set(nowNs + 1); // The batch is full: everybody else first.
    } else {
      end();
    }
  }

  /** Encodes what is due, up to one batch; returns when the next step is due. */
  private long sendDue(long elapsedNs) {
    long dueNs = plan.dueNs(step, previousNs);
    if (dueNs > elapsedNs || step == plan.tokens()) {
      return dueNs;
    }
    ByteBuf batch = ctx.alloc().directBuffer(writer.tokenBytesMax());
    int first = step;
    int bytes = 0;
    while (dueNs <= elapsedNs && step < plan.tokens() && bytes < BATCH_BYTES) {
      bytes += writer.token(batch, step, plan.token(step));
      step++;
      previousNs = elapsedNs;
      dueNs = plan.dueNs(step, previousNs);
    }
    send(batch, step - first, bytes);
    return dueNs;
  }

  private void waitForClient(long nowNs) {
    Channel channel = ctx.channel();
    waiting = true;
    int low = channel.config().getWriteBufferLowWaterMark();
    exchange.metrics().bufferLimitHits.increment();
    exchange.metrics().bufferedBytesMax.accumulate(channel.bytesBeforeWritable() + low);
    alarm.set(nowNs + exchange.stallNs());
  }

  private void end() {
    over = true;
    if (plan.ending() == Ending.BROKEN) {
      breakOff();
      return;
    }
    if (plan.ending() != Ending.ABRUPT) {
      ByteBuf last = ctx.alloc().directBuffer(2 * writer.tokenBytesMax());
      int count = 2;
      int bytes = writer.finish(last, plan.ending());
      if (request.delivery() == ChatRequest.Delivery.STREAM_WITH_USAGE) {
        bytes += writer.usage(last, new Completion.Usage(request.promptTokens(), step));
        count++;
      }
      bytes += writer.done(last);
      send(last, count, bytes);
    }
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(written -> over((ChannelFuture) written));
  }

  private void over(ChannelFuture written) {
    if (written.isSuccess()) {
      exchange.place().complete(events);
    } else {
      exchange.place().abort();
    }
    exchange.whenOver().accept(exchange.persistence());
  }

  private void breakOff() {
    exchange.place().abort();
    if (framing == Framing.UNTIL_CLOSE) {
      // Without chunks an orderly close would read as a whole body; a reset cannot.
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ctx.flush();
    ctx.close();
  }

  /** Writes past the codec: the framing is there already. */
  private void send(ByteBuf encoded, int count, int bytes) {
    events += count;
    exchange.metrics().eventsSent.add(count);
    exchange.metrics().bytesSent.add(bytes);
    codec.write(encoded, codec.voidPromise());
  }
}
