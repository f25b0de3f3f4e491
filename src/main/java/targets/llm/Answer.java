package targets.llm;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import targets.shared.Replies;

/** One answer that takes time, until it leaves its place. Used only on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
abstract class Answer {
  final ChannelHandlerContext ctx;
  final Answers.Place place;
  final StreamPlan plan;
  final Pacer pacer;
  final boolean keepAlive;
  final Pacer.Alarm alarm;
  private final Connection connection;
  private boolean over;

  Answer(Connection connection, Answers.Place place, boolean keepAlive) {
    this.connection = connection;
    this.ctx = connection.context();
    this.pacer = connection.pacer();
    this.place = place;
    this.plan = place.plan();
    this.keepAlive = keepAlive;
    this.alarm = pacer.alarm(this::due);
  }

  /** Starts the clock of the plan; the answer may be over when this returns. */
  abstract void begin();

  abstract void due(long nowNs);

  /** Goes on after the socket took bytes. */
  void writable() {}

  /** Writes an error in place of everything that is left. */
  abstract ChannelFuture interrupt();

  /** Ends because the connection is gone. */
  final void disconnected() {
    end();
    place.abort();
  }

  /** Ends because the server stops. */
  final void cutShort() {
    if (!over) {
      end();
      interrupt()
          .addListener(
              written -> {
                place.abort();
                connection.next(false);
              });
    }
  }

  final boolean isOver() {
    return over;
  }

  final void end() {
    over = true;
    alarm.cancel();
  }

  /** Leaves the place once the last bytes are written. */
  final void leaveAfter(ChannelFuture last, long events) {
    last.addListener(
        written -> {
          if (written.isSuccess()) {
            place.complete(events);
          } else {
            place.abort();
          }
          connection.next(keepAlive);
        });
  }

  /** An answer in one body, sent when the stream of the same plan would have ended. */
  static final class Whole extends Answer {
    Whole(Connection connection, Answers.Place place, boolean keepAlive) {
      super(connection, place, keepAlive);
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
        place.abort();
        ctx.close();
        return;
      }
      StringBuilder content = new StringBuilder();
      for (int step = 0; step < plan.tokens(); step++) {
        content.append(plan.token(step));
      }
      FullHttpResponse reply =
          Replies.json(
              HttpResponseStatus.OK,
              place
                  .completion()
                  .whole(content.toString(), plan.ending(), place.usage(plan.tokens())));
      place.metrics().bytesSent.add(reply.content().readableBytes());
      leaveAfter(send(reply, keepAlive), 0);
    }

    private ChannelFuture send(FullHttpResponse reply, boolean keep) {
      Replies.markKeepAlive(reply, keep);
      return ctx.writeAndFlush(reply);
    }
  }
}
