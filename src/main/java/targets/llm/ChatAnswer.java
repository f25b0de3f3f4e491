package targets.llm;

import com.fasterxml.jackson.databind.util.RawValue;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import targets.shared.Pacer;
import targets.shared.Replies;

/** One answer that takes time and holds a slot until it ends. Used only on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
abstract class ChatAnswer {
  final ChannelHandlerContext ctx;
  final LlmServer server;
  final ChatRequest request;
  final Completion completion;
  final StreamPlan plan;
  final Pacer pacer;
  final boolean keepAlive;
  final Pacer.Alarm alarm;
  private final Connection connection;
  private boolean over;
  private boolean left;

  ChatAnswer(Connection connection, ChatRequest request, boolean keepAlive) {
    this.connection = connection;
    this.ctx = connection.ctx;
    this.server = connection.server;
    this.pacer = connection.pacer;
    this.request = request;
    this.keepAlive = keepAlive;
    long number = server.numbers.getAndIncrement();
    StreamPlan right = PacedPlan.of(request, number);
    boolean isWhole = request.delivery() == ChatRequest.Delivery.WHOLE;
    this.plan = isWhole ? right : server.plans.of(right, number, server.settings.seed());
    long createdS = server.clocks.wall().instant().getEpochSecond();
    this.completion = new Completion(server.serial + "-" + number, createdS, request);
    this.alarm = pacer.alarm(this::due);
  }

  /** Starts the clock of the plan; the answer may be over when this returns. */
  abstract void begin();

  abstract void due(long nowNs);

  /** Goes on after the socket took bytes. */
  void writable() {}

  /** Writes an error in place of everything that is left. */
  abstract ChannelFuture interrupt();

  final void disconnected() {
    end();
    leave(server.metrics.aborted);
  }

  /** Ends because the server stops. */
  final void cutShort() {
    if (!over) {
      end();
      interrupt()
          .addListener(
              written -> {
                leave(server.metrics.aborted);
                connection.next(false);
              });
    }
  }

  /** Returns the text of all tokens. */
  final String text() {
    return IntStream.range(0, plan.tokens()).mapToObj(plan::token).collect(Collectors.joining());
  }

  final boolean isOver() {
    return over;
  }

  final void end() {
    over = true;
    alarm.cancel();
  }

  /** Leaves, complete with so many events, once the last bytes are written. */
  final void completeAfter(ChannelFuture last, long events) {
    last.addListener(
        written -> {
          if (written.isSuccess() && !left) {
            server.metrics.eventsCompleted.add(events);
          }
          leave(written.isSuccess() ? server.metrics.completed : server.metrics.aborted);
          connection.next(keepAlive);
        });
  }

  /** Gives the slot back, once, however the answer ended. */
  final void leave(LongAdder outcome) {
    if (!left) {
      left = true;
      outcome.increment();
      server.slots.giveBack();
    }
  }

  /** An answer in one body, sent when the stream of the same plan would have ended. */
  static final class Whole extends ChatAnswer {
    Whole(Connection connection, ChatRequest request, boolean keepAlive) {
      super(connection, request, keepAlive);
    }

    @Override
    void begin() {
      alarm.set(pacer.nowNs() + plan.dueNs(plan.tokens(), 0));
    }

    @Override
    ChannelFuture interrupt() {
      return send(Refusal.STOPPING.reply(), false);
    }

    @Override
    void due(long nowNs) {
      end();
      if (plan.ending() == StreamPlan.Ending.BROKEN) {
        leave(server.metrics.aborted);
        ctx.close();
        return;
      }
      String body = completion.whole(plan.ending(), this::text, plan.tokens());
      FullHttpResponse reply = Replies.json(HttpResponseStatus.OK, new RawValue(body));
      server.metrics.bytesSent.add(reply.content().readableBytes());
      completeAfter(send(reply, keepAlive), 0);
    }

    private ChannelFuture send(FullHttpResponse reply, boolean keep) {
      Replies.markKeepAlive(reply, keep);
      return ctx.writeAndFlush(reply);
    }
  }
}
