package targets.ticker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import targets.ticker.TickerSettings.Times;

/**
 * One user's connection, as far as it is written to: what it gets, what waits for it, and how it
 * ends. Used by its event loop. There may be many thousands, so it holds little, and what only slow
 * clients need is made when they are slow.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class Client {
  /**
   * Who comes in.
   *
   * @param user of the token
   * @param expiresS of the token, in seconds since 1970
   * @param account of its address
   * @param deflates whether it understands compressed messages
   */
  record Guest(String user, long expiresS, AddressLimits.Account account, boolean deflates) {}

  /** Not yet among the clients of its loop: the handshake is under way. */
  private static final int NOWHERE = -1;

  private static final int WHOLE = 100;

  private final TickerParts parts;
  private final Audience audience;
  private final SocketChannel channel;
  private final Guest guest;
  private final long number;

  /** Null for a client that never said: it gets everything. */
  private Set<String> tokens;

  /** Null while nothing waits. */
  private Outbox outbox;

  private long seenNs;
  private long heartbeatNs;
  private long stalledNs;
  private long frameMark;
  private int nonces;
  private int place = NOWHERE;
  private boolean stalled;
  private boolean over;

  /**
   * @param number of the connection since the start
   */
  Client(TickerParts parts, SocketChannel channel, Guest guest, long number) {
    this.parts = parts;
    this.audience = parts.audiences().of(channel.eventLoop());
    this.channel = channel;
    this.guest = guest;
    this.number = number;
    this.seenNs = parts.nanoClock().getAsLong();
    this.heartbeatNs = seenNs + parts.settings().times().heartbeat().toNanos();
    this.frameMark = seenNs;
  }

  /** Takes its place, and is told so. */
  void begin() {
    parts.metrics().connections.increment();
    audience.join(this);
    int share = TickerDefects.closedShare(parts.settings().defects());
    if (number * share / WHOLE > (number - 1) * share / WHOLE) {
      close(Close.NOT_AVAILABLE);
      return;
    }
    tell(Messages.established(id(), nonce(), unixNs()));
    channel.flush();
  }

  /** Where it stands among the clients of its loop. */
  int place() {
    return place;
  }

  void moveTo(int newPlace) {
    place = newPlace;
  }

  AddressLimits.Account account() {
    return guest.account();
  }

  /** True from its beginning to its end, which is when a close was sent or read. */
  boolean isOpen() {
    return place != NOWHERE && !over;
  }

  /** True while its socket takes nothing. */
  boolean isSlow() {
    return isOpen() && !channel.isWritable();
  }

  /** Writes what it is to get; what it cannot take now waits. */
  void take(List<Broadcast> batch, Tally tally) {
    boolean wrote = false;
    for (Broadcast broadcast : batch) {
      if (!over && broadcast.isFor(guest.user(), tokens)) {
        for (int copies = tally.address(); copies > 0 && !over; copies--) {
          wrote |= take(broadcast, tally);
        }
      }
    }
    if (wrote) {
      channel.flush();
    }
  }

  private boolean take(Broadcast broadcast, Tally tally) {
    if (outbox == null && channel.isWritable()) {
      write(broadcast);
      tally.delivered(broadcast.bytes(guest.deflates()));
      return true;
    }
    if (outbox == null) {
      outbox = new Outbox(parts.settings().limits().outboxBytes());
    }
    switch (outbox.add(broadcast)) {
      case KEPT -> {}
      case CONFLATED -> tally.conflated();
      case FULL -> {
        tally.undelivered(1);
        close(Close.OUTBOX_FULL);
      }
    }
    return false;
  }

  /** Writes a message for this client alone; the caller flushes. */
  void tell(byte[] message) {
    write(Frames.text(channel.alloc(), message));
    parts.metrics().bytes.add(message.length);
  }

  /** Answers a ping frame; the caller flushes. */
  void pong(ByteBuf payload) {
    write(Frames.pong(channel.alloc(), payload));
  }

  /** From now on it gets these tokens too, and of tokens nothing else. */
  void subscribe(List<String> more) {
    Set<String> wanted = tokens == null ? new TreeSet<>() : tokens;
    long added = more.stream().distinct().filter(name -> !wanted.contains(name)).count();
    int most = parts.settings().limits().subscriptions();
    if (wanted.size() + added > most) {
      tell(Messages.error("at most " + most + " tokens can be subscribed to", nonce(), unixNs()));
      return;
    }
    more.forEach(name -> wanted.add(parts.market().canonical(name)));
    tokens = wanted;
    tell(Messages.subscribed(tokens, nonce(), unixNs()));
  }

  /** From now on it does not get these tokens. */
  void unsubscribe(List<String> less) {
    if (tokens == null) {
      tokens = new TreeSet<>();
    }
    less.forEach(tokens::remove);
    tell(Messages.subscribed(tokens, nonce(), unixNs()));
  }

  /** Different for everything that is said to it. */
  String nonce() {
    nonces++;
    return id() + "-" + nonces;
  }

  /** The client lives. */
  void seen(long nowNs) {
    seenNs = nowNs;
  }

  /** One more frame; false if the connection sent too many. */
  boolean maySend(long nowNs) {
    long next = parts.frameRate().take(frameMark, nowNs);
    if (next != Rate.REFUSED) {
      frameMark = next;
    }
    return next != Rate.REFUSED;
  }

  /** The channel's buffer became full, or has room again. */
  void writabilityChanged() {
    if (!isOpen()) {
      return;
    }
    boolean writable = channel.isWritable();
    // Who does not read is not read from: what it asks for would have to wait here.
    channel.config().setAutoRead(writable);
    if (writable) {
      stalled = false;
      drain();
    } else if (!stalled) {
      stalled = true;
      stalledNs = parts.nanoClock().getAsLong();
      parts.metrics().slowed.increment();
    }
  }

  /** Looks what is due; some times a second. */
  void tick(long nowNs, long nowS) {
    Times times = parts.settings().times();
    if (nowS >= guest.expiresS()) {
      close(Close.EXPIRED);
    } else if (stalled && nowNs - stalledNs >= times.stall().toNanos()) {
      close(Close.STALLED);
    } else if (nowNs - seenNs >= times.idle().toNanos()) {
      close(Close.IDLE);
    } else if (nowNs - heartbeatNs >= 0) {
      heartbeatNs += times.heartbeat().toNanos();
      heartbeat(nowNs);
    }
  }

  /** Closes it properly, within a bound. */
  void close(Close why) {
    if (!isOpen()) {
      return;
    }
    leave();
    parts.metrics().closed(why);
    // Its answer must be seen, also if it was not read from.
    channel.config().setAutoRead(true);
    boolean broken = why == Close.PROTOCOL || why == Close.TOO_LARGE || why == Close.BAD_TEXT;
    write(Frames.close(channel.alloc(), why.code(), why.reason()));
    channel.flush();
    if (broken) {
      channel.shutdownOutput(); // Nothing that comes now can be understood.
    }
    long waitMs = parts.settings().times().closeWait().toMillis();
    channel.eventLoop().schedule(() -> channel.close(), waitMs, TimeUnit.MILLISECONDS);
  }

  /** The client closes by a frame with this code, or answers our close. */
  void closedByPeer(int code) {
    if (!isOpen()) {
      channel.close();
      return;
    }
    leave();
    parts.metrics().left(code);
    channel
        .writeAndFlush(Frames.close(channel.alloc(), code, ""))
        .addListener(ChannelFutureListener.CLOSE);
  }

  /** The connection is gone. */
  void disconnected() {
    if (isOpen()) {
      leave();
      parts.metrics().left(Close.NO_FRAME);
    }
    guest.account().ended();
    parts.slots().giveBack();
  }

  private void leave() {
    over = true;
    audience.leave(this);
    if (outbox != null) {
      parts.metrics().undelivered.add(outbox.clear());
      outbox = null;
    }
  }

  private void drain() {
    if (outbox == null) {
      return;
    }
    Map<String, Integer> skipped =
        outbox.drain(
            broadcast -> {
              if (!channel.isWritable()) {
                return false;
              }
              write(broadcast);
              parts.metrics().delivered.increment();
              parts.metrics().bytes.add(broadcast.bytes(guest.deflates()));
              return true;
            });
    if (outbox.isEmpty()) {
      outbox = null;
    }
    if (!skipped.isEmpty()) {
      tell(Messages.conflated(skipped, nonce(), unixNs()));
    }
    channel.flush();
  }

  private void heartbeat(long nowNs) {
    if (!channel.isWritable()) {
      parts.metrics().heartbeatsSkipped.increment();
      return;
    }
    long idleMs = TimeUnit.NANOSECONDS.toMillis(nowNs - seenNs);
    tell(Messages.heartbeat(parts.metrics().active(), idleMs, nonce(), unixNs()));
    write(Frames.ping(channel.alloc()));
    channel.flush();
  }

  private void write(Broadcast broadcast) {
    write(broadcast.frame(guest.deflates()));
  }

  private void write(ByteBuf frame) {
    channel.write(frame, channel.voidPromise());
  }

  private String id() {
    return "client-" + number;
  }

  private long unixNs() {
    return parts.unixNs().getAsLong();
  }
}
