package targets.relay.adapter;

import static io.netty.handler.codec.http.HttpResponseStatus.NO_CONTENT;
import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import targets.relay.adapter.AdapterMetrics.End;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenStore;
import targets.shared.Json;
import targets.shared.Replies;
import targets.shared.SseBody;

/** One stream to one client, from its request to its end. Used by its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class SseStream {
  /** Bounds the last bytes of a stream that the adapter ends because it stops. */
  private static final Duration LAST_BYTES = Duration.ofSeconds(1);

  private final Channel channel;
  private final SseBody body;
  private final StreamRequest request;
  private final AdapterServer adapter;
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
   * @param body chunked if the connection may be used again
   * @param whenOver called once, when the last byte is sent and the connection is kept
   */
  SseStream(SseBody body, StreamRequest request, AdapterServer adapter, Runnable whenOver) {
    this.channel = body.ctx().channel();
    this.body = body;
    this.request = request;
    this.adapter = adapter;
    this.settings = adapter.settings;
    this.whenOver = whenOver;
    this.startNs = adapter.clocks.nowNs();
    this.writer = adapter.seam.writer(this::write, request);
    this.sequencer = Sequencer.of(this, request, adapter);
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  String id() {
    return request.id();
  }

  /** Subscribes to the conversation, and greets the client if that is still to be done. */
  void subscribe() {
    boolean resumes = settings.delivery() == Guarantee.DURABLE && request.lastEventId().isPresent();
    if (!resumes || greeted) {
      join(Optional.empty());
      return;
    }
    adapter
        .store
        .last(TokenStore.subject(id()))
        .exceptionally(failure -> Optional.empty())
        .thenAccept(message -> loop().execute(() -> join(message.flatMap(adapter::token))));
  }

  /**
   * Joins, unless the client has the end of its conversation: without the 204, a browser would
   * reconnect for ever.
   *
   * @param last token of the conversation, if the store has it
   */
  private void join(Optional<Token> last) {
    boolean ended =
        last.filter(
                token -> token.isDone() && token.sequence() <= request.lastEventId().orElseThrow())
            .isPresent();
    if (ended && !over) {
      answer(End.DONE, new DefaultFullHttpResponse(HTTP_1_1, NO_CONTENT));
    } else if (!over) {
      adapter.subscriptions.join(id(), this);
    }
  }

  /** Sends the head of the response and the greeting. */
  void greet() {
    greeted = true;
    HttpResponse head = body.head(body.isChunked());
    head.headers().set("x-accel-buffering", "no");
    body.ctx().write(head);
    if (request.prompt().isPresent()) {
      event("connected", Map.of("conversation_id", id()));
      adapter.publishPrompt(id(), request.prompt().get());
    } else {
      comment("connected to " + id());
    }
    timers.add(after(settings.firstToken(), this::noToken));
    long everyMs = settings.keepAlive().toMillis();
    timers.add(
        loop().scheduleAtFixedRate(this::keepAlive, everyMs, everyMs, TimeUnit.MILLISECONDS));
  }

  /** The subscription stands; from now on every token arrives. */
  void joined() {
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

  void refused(String reason) {
    if (!over && !greeted) {
      adapter.metrics.refused.increment();
      answer(End.STOPPED, ClientConnection.unavailable(reason));
    }
  }

  void live(Token token) {
    if (begun && !over) {
      sequencer.live(token);
    }
  }

  /** Tokens may have been lost since the last one. */
  void missed() {
    if (begun && !over) {
      sequencer.missed();
    }
  }

  /** Writes a token; ends the stream if the token ends its conversation. */
  void token(Token token) {
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

  /** Writes a comment, which clients do not show. */
  void comment(String text) {
    write((": " + text + "\n\n").getBytes(UTF_8));
  }

  /** Reports lost tokens; the last of them is the event's id. */
  void lost(long first, long last) {
    adapter.metrics.losses.increment();
    String reason = "tokens " + first + " to " + last + " of " + id() + " are lost";
    event("error\nid: " + last, Map.of("error", reason));
  }

  boolean isWritable() {
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
      adapter.metrics.slowed.increment();
      Duration bound = settings.clientStall();
      String reason = "the client takes nothing for " + words(bound);
      stallTimer = after(bound, () -> end(End.SLOW, reason));
    }
  }

  void disconnected() {
    leave(End.LEFT);
  }

  void cutOff() {
    end(End.STOPPED, "the adapter is stopping; resume with Last-Event-ID");
  }

  private ChannelFuture write(Token token) {
    adapter.metrics.delivered.increment();
    return write(token.event());
  }

  /** Writes an event; without an id in its head the client's last event id stays as it is. */
  private void event(String head, Map<String, String> data) {
    write(("event: " + head + "\ndata: " + Json.text(data) + "\n\n").getBytes(UTF_8));
  }

  private ChannelFuture write(byte[] event) {
    adapter.metrics.bytes.add(event.length);
    return body.send(event);
  }

  private void judge() {
    judging = false;
    if (isOverfull()) {
      int limit = settings.outbox();
      end(End.SLOW, "the client is too slow: more than " + limit + " bytes wait for it");
    }
  }

  private boolean isOverfull() {
    if (channel.isWritable()) {
      return false;
    }
    int low = channel.config().getWriteBufferLowWaterMark();
    return channel.bytesBeforeWritable() + low > settings.outbox();
  }

  private void keepAlive() {
    if (isWritable()) {
      comment("keep-alive");
    }
  }

  private void noToken() {
    if (!hasToken) {
      end(End.TIMED_OUT, "no token came within " + words(settings.firstToken()));
    }
  }

  /** Answers without a stream. */
  private void answer(End how, FullHttpResponse reply) {
    leave(how);
    Replies.send(body.ctx(), reply, body.isChunked());
    if (body.isChunked()) {
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
      event("error", Map.of("error", reason));
    }
    // A slow client gets its time to read what is unsent, and with it the reason.
    Duration bound = how == End.STOPPED ? LAST_BYTES : settings.clientStall();
    ScheduledFuture<?> cutOff = after(bound, channel::close);
    ChannelFutureListener sent =
        last -> {
          cutOff.cancel(false);
          if (body.isChunked() && last.isSuccess()) {
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
    adapter.subscriptions.leave(id(), this);
    adapter.ended(how, startNs);
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
