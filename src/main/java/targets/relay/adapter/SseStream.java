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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import targets.relay.adapter.AdapterServer.Metrics.End;
import targets.shared.HttpEdge;
import targets.shared.Json;
import targets.shared.Replies;
import targets.shared.SseBody;

/** One stream to one client, from its request to its end. Used by its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class SseStream implements HttpEdge.Stream {
  /** Bounds the last bytes of a stream that the adapter ends because it stops. */
  private static final Duration LAST_BYTES = Duration.ofSeconds(1);

  private final Channel channel;
  private final SseBody body;
  private final StreamRequest request;
  private final AdapterServer adapter;
  private final AdapterServer.Settings settings;
  private final Runnable whenOver;
  private final Place place;
  private final Consumer<Token> writer;
  private final long startNs;

  private ScheduledFuture<?> stallTimer;
  private ScheduledFuture<?> firstTokenTimer;
  private ScheduledFuture<?> keepAliveTimer;
  private boolean greeted;
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
    this.place = new Place(this, request, adapter);
    this.firstTokenTimer = after(settings.firstToken(), this::noToken);
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  /** Subscribes to the conversation, and greets the client if that is still to be done. */
  void subscribe() {
    place.subscribe();
  }

  boolean isGreeted() {
    return greeted;
  }

  /**
   * Publishes the prompt, if there is one, and sends the head of the response and the greeting; the
   * stream is refused if the prompt cannot be published.
   */
  void greet() {
    if (greeted || over) {
      return;
    }
    Optional<FullHttpResponse> refusal =
        request.prompt().flatMap(prompt -> adapter.publishPrompt(request.id(), prompt));
    if (refusal.isPresent()) {
      refuse(refusal.get());
      return;
    }
    greeted = true;
    cancel(firstTokenTimer);
    firstTokenTimer = after(settings.firstToken(), this::noToken);
    long everyMs = settings.keepAlive().toMillis();
    keepAliveTimer =
        loop().scheduleAtFixedRate(this::keepAlive, everyMs, everyMs, TimeUnit.MILLISECONDS);
    HttpResponse head = body.head(body.isChunked());
    head.headers().set("x-accel-buffering", "no");
    body.ctx().write(head);
    if (request.prompt().isPresent()) {
      event("connected", Map.of("conversation_id", request.id()));
    } else {
      comment("connected to " + request.id());
    }
  }

  /** Answers with an error in place of the stream, unless that has begun. */
  void refuse(FullHttpResponse reply) {
    if (!over && !greeted) {
      adapter.metrics.refused.increment();
      answer(End.STOPPED, reply);
    }
  }

  /** Answers a client that has the end of its conversation. */
  void answerEnded() {
    answer(End.DONE, new DefaultFullHttpResponse(HTTP_1_1, NO_CONTENT));
  }

  /** Writes a token; the one that ends the conversation ends the stream. */
  void token(Token token) {
    if (over) {
      return;
    }
    hasToken = true;
    boolean wasOverfull = isOverfull(); // Before this token: one alone may exceed the limit.
    writer.accept(token);
    if (wasOverfull && !over && !judging) {
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
    String reason = "tokens " + first + " to " + last + " of " + request.id() + " are lost";
    event("error\nid: " + last, Map.of("error", reason));
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void writabilityChanged() {
    if (over) {
      return;
    }
    if (isWritable()) {
      cancel(stallTimer);
      place.writable();
    } else {
      adapter.metrics.slowed.increment();
      Duration bound = settings.clientStall();
      String reason = "the client takes nothing for " + words(bound);
      stallTimer = after(bound, () -> end(End.SLOW, reason));
    }
  }

  @Override
  public void disconnected() {
    leave(End.LEFT);
  }

  void cutOff() {
    end(End.STOPPED, "the adapter is stopping; resume with Last-Event-ID");
  }

  private ChannelFuture write(Token token) {
    adapter.metrics.delivered.increment();
    ChannelFuture written = write(token.event());
    if (token.isDone()) {
      end(End.DONE, "");
    }
    return written;
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
    if (!greeted) {
      String bound = words(settings.firstToken());
      refuse(Replies.unavailable("NATS did not confirm the subscription in " + bound));
    } else if (!hasToken) {
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
    cancel(firstTokenTimer);
    cancel(keepAliveTimer);
    cancel(stallTimer);
    place.end();
    adapter.ended(how, startNs);
  }

  private ScheduledFuture<?> after(Duration time, Runnable action) {
    return loop().schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  static void cancel(ScheduledFuture<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
