package targets.relay.adapter;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import targets.relay.adapter.AdapterMetrics.End;
import targets.relay.message.Delivery;
import targets.shared.Json;

/** One stream to one client, from its request to its end. Used by its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class SseStream
    implements AdapterServer.Beginning, Subscriptions.Subscriber, Sequencer.Outlet {
  /** Bounds the last bytes of a stream that the adapter ends because it stops. */
  private static final long LAST_BYTES_MS = 1000;

  private final Channel channel;
  private final SseWriter body;
  private final StreamRequest request;
  private final Streams streams;
  private final AdapterSettings settings;
  private final Runnable whenOver;
  private final Sequencer sequencer;
  private final Consumer<Token> writer;
  private final long startNs;
  private final List<ScheduledFuture<?>> timers = new ArrayList<>(2);

  private ScheduledFuture<?> stallTimer;
  private boolean greeted;
  private boolean begun;
  private boolean hasToken;
  private boolean judging;
  private boolean over;

  /**
   * @param body writes to the client
   * @param streams admitted this one
   * @param whenOver called once, when the last byte is sent and the connection is kept
   */
  SseStream(SseWriter body, StreamRequest request, Streams streams, Runnable whenOver) {
    this.channel = body.channel();
    this.body = body;
    this.request = request;
    this.streams = streams;
    this.settings = streams.settings();
    this.whenOver = whenOver;
    this.startNs = streams.clocks().nowNs();
    this.writer = streams.seam().writer(this::write, request);
    this.sequencer = Sequencer.of(this, request, streams);
  }

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
  public String id() {
    return request.id();
  }

  @Override
  public void subscribe() {
    if (over) {
      return;
    }
    boolean resumes = settings.delivery() == Delivery.DURABLE && request.lastEventId().isPresent();
    if (greeted || !resumes) {
      streams.tokens().subscriptions().join(request.id(), this);
      return;
    }
    var unused =
        streams
            .tokens()
            .isComplete(id(), request.lastEventId().getAsLong())
            .whenComplete((complete, failure) -> loop().execute(() -> resume(complete)));
  }

  /** Without the 204, a browser would reconnect for ever after the last token. */
  private void resume(Boolean complete) {
    if (over) {
      return;
    }
    if (Boolean.TRUE.equals(complete)) {
      answer(End.DONE, SseWriter.noContent());
    } else { // Also if the store did not answer.
      streams.tokens().subscriptions().join(request.id(), this);
    }
  }

  @Override
  public void greet() {
    greeted = true;
    body.head();
    if (request.prompt().isPresent()) {
      body.event("connected", Map.of("conversation_id", id()));
      streams.tokens().publishPrompt(id(), request.prompt().get());
    } else {
      comment("connected to " + id());
    }
    Duration first = settings.firstToken();
    timers.add(after(first, () -> noToken(first)));
    long keepAliveMs = settings.keepAlive().toMillis();
    timers.add(
        loop()
            .scheduleAtFixedRate(this::keepAlive, keepAliveMs, keepAliveMs, TimeUnit.MILLISECONDS));
  }

  @Override
  public void joined() {
    if (over) {
      return;
    }
    if (!greeted) {
      greet();
    }
    if (begun) {
      sequencer.missed();
    } else {
      begun = true;
      sequencer.begin();
    }
  }

  @Override
  public void refused(String reason) {
    if (!over && !greeted) {
      streams.metrics().refused.increment();
      answer(End.STOPPED, ClientConnection.unavailable(reason));
    }
  }

  @Override
  public void live(Token token) {
    if (begun && !over) {
      sequencer.live(token);
    }
  }

  @Override
  public void missed() {
    if (begun && !over) {
      sequencer.missed();
    }
  }

  @Override
  public void token(Token token) {
    if (over) {
      return;
    }
    hasToken = true;
    boolean wasOverfull = isOverfull(); // Before this token: one alone may exceed the limit.
    writer.accept(token);
    if (token.isDone()) {
      end(End.DONE, "");
    } else if (wasOverfull && !judging) {
      // Tokens that came together are not flushed yet, and do not show that the client is slow.
      judging = true;
      loop().execute(this::judge);
    }
  }

  @Override
  public void comment(String text) {
    body.comment(text);
  }

  @Override
  public void lost(long first, long last) {
    streams.metrics().losses.increment();
    String reason = "tokens " + first + " to " + last + " of " + id() + " are lost";
    body.write(SseWriter.event("error", last, Json.bytes(Map.of("error", reason))));
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  /** The channel's outbox is full, or is so no more. */
  void writabilityChanged() {
    if (over) {
      return;
    }
    if (isWritable()) {
      cancel(stallTimer);
      sequencer.writable();
    } else {
      streams.metrics().slowed.increment();
      Duration bound = settings.clientStall();
      stallTimer =
          after(bound, () -> end(End.SLOW, "the client takes nothing for " + words(bound)));
    }
  }

  /** The client is gone. */
  void disconnected() {
    leave(End.LEFT);
  }

  /** Ends the stream because the adapter stops. */
  void cutOff() {
    end(End.STOPPED, "the adapter is stopping; resume with Last-Event-ID");
  }

  private ChannelFuture write(Token token) {
    streams.metrics().delivered.increment();
    return body.write(token.event());
  }

  private void judge() {
    judging = false;
    if (isOverfull()) {
      long limit = settings.outboxBytes();
      end(End.SLOW, "the client is too slow: more than " + limit + " bytes wait for it");
    }
  }

  private boolean isOverfull() {
    if (channel.isWritable()) {
      return false;
    }
    int low = channel.config().getWriteBufferLowWaterMark();
    return channel.bytesBeforeWritable() + low > settings.outboxBytes();
  }

  private void keepAlive() {
    if (isWritable()) {
      comment("keep-alive");
    }
  }

  private void noToken(Duration bound) {
    if (!hasToken) {
      end(End.TIMED_OUT, "no token came within " + words(bound));
    }
  }

  /** Answers without a stream. */
  private void answer(End how, FullHttpResponse reply) {
    leave(how);
    body.reply(reply);
    if (body.keepAlive()) {
      whenOver.run();
    }
  }

  /** Ends the stream with an error event, unless the reason is empty. */
  private void end(End how, String reason) {
    if (over) {
      return;
    }
    leave(how);
    if (!greeted) {
      channel.close();
      return;
    }
    if (!reason.isEmpty()) {
      body.event("error", Map.of("error", reason));
    }
    // A slow client gets its time to read what is unsent, and with it the reason.
    long boundMs = how == End.STOPPED ? LAST_BYTES_MS : settings.clientStall().toMillis();
    var cutOff = loop().schedule(() -> channel.close(), boundMs, TimeUnit.MILLISECONDS);
    ChannelFutureListener sent =
        last -> {
          cutOff.cancel(false);
          if (body.keepAlive() && last.isSuccess()) {
            whenOver.run();
          } else {
            channel.close();
          }
        };
    body.end().addListener(sent);
  }

  private void leave(End how) {
    if (over) {
      return;
    }
    over = true;
    timers.forEach(SseStream::cancel);
    cancel(stallTimer);
    sequencer.end();
    streams.tokens().subscriptions().leave(request.id(), this);
    streams.ended(how, startNs);
  }

  private ScheduledFuture<?> after(Duration time, Runnable action) {
    return loop().schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cancel(ScheduledFuture<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
