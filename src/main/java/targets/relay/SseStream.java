package targets.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import targets.relay.AdapterMetrics.End;
import targets.shared.Json;
import targets.shared.Replies;

/** One stream to one client, from its request to its end. Used by its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class SseStream implements Member, Outlet {
  /** How long the last bytes of a stream may take. */
  private static final long LAST_BYTES_MS = 1000;

  private static final long RACE_MS = 250;

  private final ChannelHandlerContext ctx;
  private final StreamRequest request;
  private final AdapterParts parts;
  private final boolean keepAlive;
  private final StreamBody body;
  private final Runnable whenOver;
  private final Follower follower;
  private final long startNs;
  private final Reorder reorder = new Reorder();
  private final List<ScheduledFuture<?>> timers = new ArrayList<>(2);

  private ScheduledFuture<?> stallTimer;
  private int unsent;
  private boolean open;
  private boolean begun;
  private boolean hasToken;
  private boolean judging;
  private boolean over;

  /**
   * @param keepAlive whether the connection may be used again
   * @param whenOver called once, when the last byte is sent and the connection is kept
   */
  SseStream(
      ChannelHandlerContext ctx,
      StreamRequest request,
      AdapterParts parts,
      boolean keepAlive,
      Runnable whenOver) {
    this.ctx = ctx;
    this.request = request;
    this.parts = parts;
    this.keepAlive = keepAlive;
    this.body = new StreamBody(ctx, keepAlive);
    this.whenOver = whenOver;
    this.startNs = parts.nanoClock().getAsLong();
    this.follower = Followers.of(this, request, parts);
  }

  /** Takes its place; the client is answered when the subscription stands. */
  void begin() {
    parts.metrics().total.increment();
    if (parts.has(RelayDefects.SUBSCRIBE_RACE)) {
      open();
      ctx.executor()
          .schedule(
              () -> {
                if (!over) {
                  join();
                }
              },
              RACE_MS,
              TimeUnit.MILLISECONDS);
    } else if (parts.keeper().isPresent() && request.lastEventId().isPresent()) {
      joinUnlessItHasAll();
    } else {
      join();
    }
  }

  /** A browser comes again by itself after the last token; without this, for ever. */
  private void joinUnlessItHasAll() {
    var unused =
        StoredEnd.isKnown(parts.store(), id(), request.lastEventId().getAsLong())
            .whenComplete((ended, failure) -> loop().execute(() -> joinUnless(ended)));
  }

  /** Takes the store's answer, null if it gave none. */
  private void joinUnless(Boolean ended) {
    if (over) {
      return;
    }
    if (!Boolean.TRUE.equals(ended)) {
      join();
      return;
    }
    leave(End.DONE);
    Replies.send(ctx, StreamHead.none(), keepAlive);
    if (keepAlive) {
      whenOver.run();
    }
  }

  private void join() {
    parts.conversations().join(request.id(), this);
  }

  @Override
  public EventLoop loop() {
    return ctx.channel().eventLoop();
  }

  @Override
  public String id() {
    return request.id();
  }

  @Override
  public void joined() {
    if (over) {
      return;
    }
    if (!open) {
      open();
    }
    if (begun) {
      follower.missed();
    } else {
      begun = true;
      follower.begin();
    }
  }

  @Override
  public void refused(String reason) {
    if (over || open) {
      return;
    }
    leave(End.STOPPED);
    parts.metrics().refused.increment();
    AdapterConnection.refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, reason, keepAlive);
    if (keepAlive) {
      whenOver.run();
    }
  }

  @Override
  public void live(Token token) {
    if (begun && !over) {
      follower.live(token);
    }
  }

  @Override
  public void missed() {
    if (begun && !over) {
      follower.missed();
    }
  }

  @Override
  public void token(Token token) {
    if (over) {
      return;
    }
    hasToken = true;
    boolean wasOverfull = isOverfull(); // Before this token: one alone may be as large as it likes.
    if (parts.has(RelayDefects.REORDER)) {
      reorder.pass(token).forEach(this::writeToken);
    } else {
      writeToken(token);
    }
    if (token.isDone()) {
      end(End.DONE, Optional.empty());
    } else if (wasOverfull && !judging) {
      // What came at once is not flushed yet, so that this says nothing of the client.
      judging = true;
      loop().execute(this::judge);
    }
  }

  private void judge() {
    judging = false;
    if (isOverfull()) {
      end(End.SLOW, EndReason.tooSlow(parts.settings().outboxBytes()));
    }
  }

  @Override
  public void comment(String text) {
    write(SseText.comment(text));
  }

  @Override
  public void lost(long first, long last) {
    parts.metrics().losses.increment();
    String reason = "tokens " + first + " to " + last + " of " + id() + " are lost";
    byte[] json = Json.bytes(Map.of("error", reason));
    write(SseText.event("error", last, json));
  }

  @Override
  public boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** The channel's outbox became full, or has room again. */
  void writabilityChanged() {
    if (over) {
      return;
    }
    if (isWritable()) {
      cancel(stallTimer);
      follower.writable();
    } else {
      parts.metrics().slowed.increment();
      Duration bound = parts.settings().clientStall();
      stallTimer = after(bound, () -> end(End.SLOW, EndReason.stalled(bound)));
    }
  }

  /** The client is gone. */
  void disconnected() {
    leave(End.LEFT);
  }

  /** The adapter stops: the client may come again, elsewhere. */
  void cutShort() {
    end(End.STOPPED, EndReason.STOPPING);
  }

  private void open() {
    open = true;
    ctx.write(StreamHead.of(keepAlive));
    if (request.prompt().isPresent()) {
      write(SseText.event("connected", Map.of("conversation_id", id())));
      Prompts.publish(parts.nats(), id(), request.prompt().get(), parts.unixNs().getAsLong());
    } else {
      write(SseText.comment("connected to " + id()));
    }
    Duration first = parts.settings().firstToken();
    timers.add(after(first, () -> noToken(first)));
    long keepAliveMs = parts.settings().keepAlive().toMillis();
    timers.add(
        loop()
            .scheduleAtFixedRate(this::keepAlive, keepAliveMs, keepAliveMs, TimeUnit.MILLISECONDS));
  }

  private void keepAlive() {
    if (isWritable()) {
      comment("keep-alive");
    }
  }

  private void noToken(Duration bound) {
    if (!hasToken) {
      end(End.TIMED_OUT, EndReason.noToken(bound));
    }
  }

  private void writeToken(Token token) {
    if (parts.has(RelayDefects.DROP_WHEN_FULL)) {
      if (unsent >= RelayDefects.buffer(parts.settings().defects())) {
        return;
      }
      unsent++;
      write(token.event()).addListener(sent -> unsent--);
    } else {
      write(token.event());
    }
    parts.metrics().delivered.increment();
  }

  private ChannelFuture write(byte[] event) {
    parts.metrics().bytes.add(event.length);
    return body.write(event);
  }

  private boolean isOverfull() {
    Channel channel = ctx.channel();
    if (channel.isWritable()) {
      return false;
    }
    int low = channel.config().getWriteBufferLowWaterMark();
    return channel.bytesBeforeWritable() + low > parts.settings().outboxBytes();
  }

  private void end(End how, Optional<String> reason) {
    if (over) {
      return;
    }
    leave(how);
    if (!open) {
      ctx.close();
      return;
    }
    reason.ifPresent(text -> write(SseText.event("error", Map.of("error", text))));
    Channel channel = ctx.channel();
    var cutOff = loop().schedule(() -> channel.close(), lastBytesMs(how), TimeUnit.MILLISECONDS);
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(
            (ChannelFutureListener)
                sent -> {
                  cutOff.cancel(false);
                  if (keepAlive && sent.isSuccess()) {
                    whenOver.run();
                  } else {
                    channel.close();
                  }
                });
  }

  /** A slow client gets its time to take what waits for it, and with it the reason. */
  private long lastBytesMs(End how) {
    return how == End.STOPPED ? LAST_BYTES_MS : parts.settings().clientStall().toMillis();
  }

  private void leave(End how) {
    if (over) {
      return;
    }
    over = true;
    timers.forEach(SseStream::cancel);
    cancel(stallTimer);
    follower.end();
    parts.conversations().leave(request.id(), this);
    parts.metrics().ended(how, parts.nanoClock().getAsLong() - startNs);
    parts.slots().giveBack();
  }

  private ScheduledFuture<?> after(Duration time, Runnable what) {
    return loop().schedule(what, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cancel(ScheduledFuture<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
