package targets.llm;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.Consumer;
import targets.llm.StreamPlan.Ending;
import targets.shared.Replies;

/** An answer in one body, sent when the stream of the same plan would have ended. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class WholeAnswer implements Answer {
  private final Exchange exchange;
  private final ChannelHandlerContext ctx;
  private final ChatRequest request;
  private final StreamPlan plan;
  private final Completion completion;
  private final Pacer.Alarm alarm;
  private boolean over;

  WholeAnswer(Exchange exchange, ChatRequest request, StreamPlan plan, Completion completion) {
    this.exchange = exchange;
    this.ctx = exchange.ctx();
    this.request = request;
    this.plan = plan;
    this.completion = completion;
    this.alarm = exchange.pacer().alarm(now -> end());
  }

  @Override
  public void begin() {
    alarm.set(exchange.pacer().nowNs() + plan.dueNs(plan.tokens(), 0));
  }

  @Override
  public void writable() {
    // One body is written whole: it is the only thing that waits for the socket.
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
    send(
        Refusal.stopping().reply(),
        Exchange.Persistence.CLOSE,
        written -> exchange.place().abort());
  }

  private void end() {
    over = true;
    if (plan.ending() == Ending.BROKEN) {
      exchange.place().abort();
      ctx.close();
      return;
    }
    StringBuilder content = new StringBuilder();
    for (int step = 0; step < plan.tokens(); step++) {
      content.append(plan.token(step));
    }
    Completion.Usage usage = new Completion.Usage(request.promptTokens(), plan.tokens());
    FullHttpResponse reply =
        Replies.json(
            HttpResponseStatus.OK, completion.whole(content.toString(), plan.ending(), usage));
    int bytes = reply.content().readableBytes();
    exchange.metrics().bytesSent.add(bytes);
    send(reply, exchange.persistence(), this::count);
  }

  private void count(ChannelFuture written) {
    if (written.isSuccess()) {
      exchange.place().complete(0);
    } else {
      exchange.place().abort();
    }
  }

  private void send(
      FullHttpResponse reply, Exchange.Persistence persistence, Consumer<ChannelFuture> written) {
    persistence.mark(reply);
    ctx.writeAndFlush(reply)
        .addListener(
            future -> {
              written.accept((ChannelFuture) future);
              exchange.whenOver().accept(persistence);
            });
  }
}
