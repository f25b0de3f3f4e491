package targets.ticker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import targets.shared.CloseReason;
import targets.shared.PushClient;

/** One user's connection: what it subscribed to, and the answers to its messages. */
public final class Subscriber extends PushClient<Broadcast> {
  private static final double NS_OF_MS = 1e6;

  private final Subscribers all;
  private final Admission.Answer.Guest guest;
  private final long number;

  /** Null until the first subscription: the client receives everything. */
  private Set<String> tokens;

  /** The message so far, while one arrives in fragments; null otherwise. */
  private ByteBuf fragments;

  private long frameMark;
  private int nonces;

  /**
   * @param number of the connection since the start
   */
  Subscriber(Subscribers all, SocketChannel channel, Admission.Answer.Guest guest, long number) {
    super(all.clients, channel);
    this.all = all;
    this.guest = guest;
    this.number = number;
    this.frameMark = all.clocks.nowNs();
  }

  /** Returns the user of the token. */
  public String user() {
    return guest.user();
  }

  Admission.Answer.Guest guest() {
    return guest;
  }

  /** Counts a frame; false above the rate of a connection. */
  boolean maySend(long nowNs) {
    long next = all.frameRate.take(frameMark, nowNs);
    if (next != Rate.REFUSED) {
      frameMark = next;
    }
    return next != Rate.REFUSED;
  }

  void greet() {
    send(Messages.established(id(), nonce(), all.clocks.unixNs()));
  }

  void error(String reason) {
    send(Messages.error(reason, nonce(), all.clocks.unixNs()));
  }

  @Override
  protected void opened() {
    all.metrics.connections.increment();
    all.join(this);
    all.policy.opened(this);
  }

  @Override
  protected boolean wants(Broadcast message) {
    return message.isFor(guest.user(), tokens);
  }

  @Override
  protected boolean admits(WebSocketFrame frame) {
    all.metrics.frames.increment();
    return all.policy.admits(this, frame);
  }

  /** Fragments are put together here, not by Netty, because the limits count each of them. */
  @Override
  protected void received(WebSocketFrame frame) {
    if (frame instanceof TextWebSocketFrame && frame.isFinalFragment()) {
      text(frame.content());
    } else if (frame instanceof TextWebSocketFrame) {
      fragments = Unpooled.buffer(frame.content().readableBytes());
      append(frame);
    } else if (frame instanceof ContinuationWebSocketFrame && fragments != null) {
      append(frame);
    } else {
      close(CloseReason.BINARY);
    }
  }

  @Override
  protected void tick() {
    if (TimeUnit.NANOSECONDS.toSeconds(all.clocks.unixNs()) >= guest.expiresS()) {
      close(CloseReason.EXPIRED);
    }
  }

  @Override
  protected void beforePing(long idleNs) {
    long idleMs = TimeUnit.NANOSECONDS.toMillis(idleNs);
    send(Messages.heartbeat(all.metrics.active(), idleMs, nonce(), all.clocks.unixNs()));
  }

  @Override
  protected void skipped(Map<String, Integer> counts) {
    send(Messages.conflated(counts, nonce(), all.clocks.unixNs()));
  }

  @Override
  protected void closed(CloseReason why) {
    all.metrics.closed(why);
  }

  @Override
  protected void left(int code) {
    all.metrics.left(code);
  }

  @Override
  protected void disconnected() {
    forgetFragments();
    all.policy.ended(this);
  }

  private void append(WebSocketFrame frame) {
    int limit = all.settings.limits().messageBytes();
    if (fragments.readableBytes() + frame.content().readableBytes() > limit) {
      forgetFragments();
      close(CloseReason.TOO_LARGE);
      return;
    }
    fragments.writeBytes(frame.content());
    if (frame.isFinalFragment()) {
      text(fragments);
      forgetFragments();
    }
  }

  private void forgetFragments() {
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
  }

  private void text(ByteBuf utf8) {
    Optional<String> text = decode(utf8);
    if (text.isEmpty()) {
      close(CloseReason.BAD_TEXT);
      return;
    }
    ClientMessage message = ClientMessage.read(text.get());
    if (message instanceof ClientMessage.Ping ping) {
      pong(ping);
    } else if (message instanceof ClientMessage.Subscribe subscribe) {
      subscribe(subscribe.tokens());
    } else if (message instanceof ClientMessage.Unsubscribe unsubscribe) {
      unsubscribe(unsubscribe.tokens());
    } else if (message instanceof ClientMessage.Nonsense nonsense) {
      all.metrics.nonsense.increment();
      error(nonsense.reason());
    }
  }

  private void pong(ClientMessage.Ping ping) {
    long unixNs = all.clocks.unixNs();
    OptionalDouble latency =
        ping.ms().isEmpty()
            ? OptionalDouble.empty()
            : all.policy.latencyMs(ping.ms().getAsDouble(), unixNs / NS_OF_MS);
    latency.ifPresent(all.metrics.latency::add);
    all.metrics.pings.increment();
    Double shown = latency.isPresent() ? latency.getAsDouble() : null;
    send(Messages.pong(ping.timestamp(), shown, nonce(), unixNs));
  }

  private void subscribe(List<String> more) {
    Set<String> wanted = tokens == null ? new TreeSet<>() : tokens;
    long added = more.stream().distinct().filter(name -> !wanted.contains(name)).count();
    int limit = all.settings.limits().subscriptions();
    if (wanted.size() + added > limit) {
      error("at most " + limit + " tokens can be subscribed to");
      return;
    }
    more.forEach(name -> wanted.add(all.feeds.canonical(name)));
    tokens = wanted;
    send(Messages.subscribed(tokens, nonce(), all.clocks.unixNs()));
  }

  private void unsubscribe(List<String> less) {
    if (tokens == null) {
      tokens = new TreeSet<>();
    }
    less.forEach(tokens::remove);
    send(Messages.subscribed(tokens, nonce(), all.clocks.unixNs()));
  }

  /** Returns a value that is different for each message to this client. */
  private String nonce() {
    nonces++;
    return id() + "-" + nonces;
  }

  private String id() {
    return "client-" + number;
  }

  /** Returns the text; empty for bytes that are not UTF-8. */
  private static Optional<String> decode(ByteBuf utf8) {
    try {
      // A new decoder reports malformed bytes; the charset itself would replace them.
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(utf8.nioBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
