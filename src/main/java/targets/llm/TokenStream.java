package targets.llm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import targets.llm.StreamPlan.Ending;
import targets.shared.Pacer;
import targets.shared.SseBody;

/**
 * One stream: sends the tokens of its plan when they are due, all that are due in one write.
 *
 * <p>A client that is too slow makes the stream wait: nothing is encoded while more than the
 * channel's high-water mark waits for the socket, so that one stream never holds more than that
 * mark and one batch. Tokens stay due meanwhile and follow.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class TokenStream extends ChatAnswer {
  /** At most so many bytes are encoded before the socket is looked at again. */
  static final int BATCH_BYTES = 16 * 1024;

  private final SseBody body;
  private final EventWriter writer;
  private final long startNs;
  private int step;
  private long events;
  private long previousNs;
  private boolean waiting;

  TokenStream(Connection connection, ChatRequest request, boolean chunked, boolean keepAlive) {
    super(connection, request, keepAlive && chunked);
    this.body = new SseBody(ctx, chunked);
    this.writer = new EventWriter(completion);
    this.startNs = pacer.nowNs();
  }

  @Override
  void begin() {
    ctx.write(body.head(keepAlive), ctx.voidPromise());
    if (request.dialect() != Dialect.CHAT) {
      ByteBuf first = body.batch(writer.tokenBytesMax());
      writer.begin(first);
      send(first);
    }
    due(startNs);
  }

  @Override
  void writable() {
    if (waiting && !isOver()) {
      waiting = false;
      due(pacer.nowNs());
    }
  }

  @Override
  ChannelFuture interrupt() {
    ByteBuf last = body.batch(writer.tokenBytesMax());
    writer.error(last, Refusal.STOPPING.asMap());
    send(last);
    return body.end();
  }

  @Override
  void due(long nowNs) {
    if (waiting) {
      ctx.close(); // The client stalled longer than the limit; the close ends the stream.
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
      alarm.set(nowNs - Pacer.GRAIN_NS); // The batch is full: other streams first.
    } else {
      finish();
    }
  }

  /** Encodes what is due, up to one batch; returns when the next step is due. */
  private long sendDue(long elapsedNs) {
    long dueNs = plan.dueNs(step, previousNs);
    if (dueNs > elapsedNs || step == plan.tokens()) {
      return dueNs;
    }
    ByteBuf batch = body.batch(writer.tokenBytesMax());
    while (dueNs <= elapsedNs && step < plan.tokens() && batch.readableBytes() < BATCH_BYTES) {
      writer.token(batch, step, plan.token(step));
      step++;
      previousNs = elapsedNs;
      dueNs = plan.dueNs(step, previousNs);
    }
    send(batch);
    return dueNs;
  }

  private void waitForClient(long nowNs) {
    waiting = true;
    int low = ctx.channel().config().getWriteBufferLowWaterMark();
    server.metrics.bufferLimitHits.increment();
    server.metrics.bufferedBytesMax.accumulate(ctx.channel().bytesBeforeWritable() + low);
    alarm.set(nowNs + server.settings.clientStall().toNanos());
  }

  private void finish() {
    end();
    if (plan.ending() == Ending.BROKEN) {
      breakOff();
      return;
    }
    if (plan.ending() != Ending.ABRUPT) {
      ByteBuf last = body.batch(2 * writer.tokenBytesMax());
      writer.end(last, plan.ending(), this::text, step);
      send(last);
    }
    completeAfter(body.end(), events);
  }

  private void breakOff() {
    leave(server.metrics.aborted);
    if (!body.isChunked()) {
      // Without chunks an orderly close would read as a whole body; a reset cannot.
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ctx.flush();
    ctx.close();
  }

  private void send(ByteBuf batch) {
    int count = writer.takeEvents();
    events += count;
    server.metrics.eventsSent.add(count);
    server.metrics.bytesSent.add(writer.takeBytes());
    body.write(batch);
  }
}
