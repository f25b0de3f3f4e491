package targets.events;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import targets.events.EventsServer.Watch;
import targets.shared.HttpEdge;
import targets.shared.Pacer;
import targets.shared.SseBody;

/**
 * One stream to one client, from its request to its end. It writes all events that are due in one
 * write, and nothing while more than the channel's high-water mark waits for the socket: then the
 * events stay where they are, in a sequence of numbers or in the window of the feed.
 *
 * <p>Used by its event loop, except {@link #look}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class EventStream implements HttpEdge.Stream, Watch.Watched {
  /** After so many bytes other streams have their turn. */
  private static final int BATCH_BYTES = 16 * 1024;

  private static final int FIRST_BYTES = 256;
  private static final byte[] KEEP_ALIVE = text(":keep-alive\n\n");
  private static final byte[] SHUTDOWN = text("event: shutdown\ndata: the server is stopping\n\n");

  private final EventsServer server;
  private final SseBody body;
  private final Channel channel;
  private final Pacer pacer;
  private final Pacer.Alarm alarm;
  private final boolean keepAlive;
  private final Runnable whenOver;
  private final Source source;

  /** Of the last batch: the next one is likely as large. */
  private int batchBytes = FIRST_BYTES;

  private boolean waiting;
  private boolean over;
  private boolean left;

  /** Since when the client must read something; 0 while nothing waits for it. */
  private volatile long stalledNs;

  /** When something was written last. */
  private volatile long writtenNs;

  private boolean stopSent;

  /**
   * A stream, whose slot is taken.
   *
   * @param over called once, when the last byte is sent and the connection is kept
   */
  EventStream(
      EventsServer server, SseBody body, StreamRequest request, boolean keepAlive, Runnable over) {
    this.server = server;
    this.body = body;
    this.channel = body.ctx().channel();
    this.keepAlive = keepAlive;
    this.whenOver = over;
    boolean isBroadcast = request.kind() == StreamRequest.Kind.BROADCAST;
    this.pacer = isBroadcast ? server.feed.pacer(loop()) : server.pacer(loop());
    this.alarm = pacer.alarm(this::pump);
    this.writtenNs = server.clocks.nowNs();
    this.source =
        isBroadcast
            ? server.feed.join(this, request.lastEventId())
            : new Source.Numbered(request, writtenNs);
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  /** Sends the head of the response and what is due; the stream may be over when this returns. */
  void begin() {
    HttpResponse head = body.head(keepAlive);
    head.headers().set("x-accel-buffering", "no");
    body.ctx().write(head);
    body.send(text("retry: " + server.settings.retry().toMillis() + "\n\n"));
    server.watch.add(this);
    pump(writtenNs);
  }

  /** Writes what is due, soon, since something may be. */
  void wake() {
    if (!waiting && !over) {
      alarm.soon();
    }
  }

  @Override
  public void writabilityChanged() {
    if (waiting && channel.isWritable()) {
      waiting = false;
      stalledNs = 0;
      pump(server.clocks.nowNs());
    }
  }

  @Override
  public void disconnected() {
    over = true;
    leave(server.metrics.aborted);
  }

  @Override
  public void look(long nowNs, boolean stopping) {
    EventsServer.Times times = server.times;
    long stalled = stalledNs;
    if (stopping) {
      soon(this::stop);
    } else if (stalled != 0 && nowNs - stalled >= times.sendTimeout().toNanos()) {
      soon(this::timeOut);
    } else if (stalled == 0 && nowNs - writtenNs >= times.keepAlive().toNanos()) {
      soon(this::keepAlive);
    }
  }

  /** Does something on the loop, which other streams have turns of too. */
  private void soon(LongConsumer action) {
    loop().execute(pacer.alarm(action)::soon);
  }

  private void pump(long nowNs) {
    ByteBuf batch = null;
    int count = 0;
    long dueNs = source.dueNs();
    while (!over && dueNs <= nowNs && channel.isWritable()) {
      if (batch == null) {
        batch = body.batch(batchBytes);
      }
      source.write(batch);
      count++;
      dueNs = source.dueNs();
      if (batch.readableBytes() >= BATCH_BYTES) {
        break;
      }
    }
    if (batch != null) {
      server.metrics.eventsSent.add(count);
      batchBytes = batch.readableBytes();
      body.write(batch);
      writtenNs = nowNs;
    }
    goOn(nowNs, dueNs);
  }

  private void goOn(long nowNs, long dueNs) {
    if (over) {
      return;
    }
    if (dueNs == Source.OVER) {
      end();
      return;
    }
    body.flush();
    if (dueNs == Source.LATER) {
      return;
    }
    if (dueNs > nowNs || channel.isWritable()) {
      alarm.set(Math.max(dueNs, nowNs - Pacer.GRAIN_NS)); // The batch is full: other streams first.
    } else {
      waiting = true;
      stalledNs = nowNs;
      server.metrics.stalls.increment();
      server.seam.stalled(channel);
    }
  }

  private void keepAlive(long nowNs) {
    if (!over && channel.isWritable()) {
      body.send(KEEP_ALIVE);
      writtenNs = nowNs;
    }
  }

  private void timeOut(long nowNs) {
    if (!left && stalledNs != 0) {
      server.metrics.sendTimeouts.increment();
      channel.config().setOption(ChannelOption.SO_LINGER, 0); // Drops the unsent bytes.
      channel.close();
    }
  }

  /** Ends because the server stops. */
  private void stop(long nowNs) {
    if (!over && !stopSent) {
      stopSent = true;
      server.seam.stop(
          channel,
          () -> {
            body.send(SHUTDOWN);
            end();
          });
    }
  }

  /** Ends the response, once the last bytes are written. */
  private void end() {
    over = true;
    alarm.cancel();
    stalledNs = server.clocks.nowNs(); // Also the last bytes must be read in time.
    body.end()
        .addListener(
            written -> {
              leave(written.isSuccess() ? server.metrics.completed : server.metrics.aborted);
              if (keepAlive && !server.service.isStopping()) {
                whenOver.run();
              } else {
                channel.close();
              }
            });
  }

  /** Gives everything back, once, however the stream ended. */
  private void leave(LongAdder outcome) {
    if (!left) {
      left = true;
      alarm.cancel();
      outcome.increment();
      server.watch.remove(this);
      source.close();
      server.slots.giveBack();
    }
  }

  private static byte[] text(String event) {
    return event.getBytes(StandardCharsets.US_ASCII);
  }
}
