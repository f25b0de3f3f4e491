package targets.ticker;

import com.fasterxml.jackson.databind.util.RawValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import targets.shared.CloseReason;
import targets.shared.Json;
import targets.shared.PushClient;
import targets.ticker.Admission.Guest;
import targets.ticker.Feeds.Broadcast;

/** One user's connection: what it subscribed to, and the answers to its messages. */
public final class Subscriber extends PushClient<Broadcast> {
  /** Bytes of a message; a larger one closes the socket by 1009. */
  static final int MESSAGE_MAX = 16 * 1024;

  private static final double NS_OF_MS = 1e6;
  private static final List<String> FEATURES = List.of("ping", "subscribe", "conflation");

  /** Decisions about a subscriber, from the welcome to the end; used by its event loop. */
  public interface Policy {
    /** The connection is open: greets the subscriber. */
    void opened(Subscriber subscriber);

    /** Whether a frame is within the limits; answers or closes if it is not. */
    boolean admits(Subscriber subscriber, WebSocketFrame frame);

    /**
     * Returns the time that a ping took to arrive; empty if the clocks cannot be compared.
     *
     * @param clientMs the client's time when it sent the ping
     * @param nowMs milliseconds since 1970
     */
    OptionalDouble latencyMs(double clientMs, double nowMs);

    /** The connection is gone: gives back what it held. */
    void ended(Subscriber subscriber);
  }

  private final Subscribers all;
  private final Guest guest;

  /** Of the connection, since the start. */
  private final long number;

  /** Null until the first subscription: the client receives everything. */
  private Set<String> tokens;

  /** The message so far, while one arrives in fragments; null otherwise. */
  private ByteBuf fragments;

  private final AtomicLong frameMark;
  private int nonces;

  Subscriber(Subscribers all, SocketChannel channel, Guest guest, long number) {
    super(all.clients, channel);
    this.all = all;
    this.guest = guest;
    this.number = number;
    this.frameMark = new AtomicLong(all.clocks.nowNs());
  }

  public String user() {
    return guest.user();
  }

  Guest guest() {
    return guest;
  }

  /** Counts a frame; false above the rate of a connection. */
  boolean maySend(long nowNs) {
    return all.frameRate.take(frameMark, nowNs);
  }

  void greet() {
    Map<String, Object> message = message("connection:established");
    message.put("clientId", id());
    message.put("rolloutPercentage", 100);
    message.put("features", FEATURES);
    send(Json.bytes(message));
  }

  void error(String reason) {
    send("error", "reason", reason);
  }

  @Override
  protected void opened() {
    all.metrics.connections.increment();
    all.join(this);
    all.policy.opened(this);
  }

  @Override
  protected boolean wants(Broadcast message) {
    return message.subject().isFor(guest.user(), tokens);
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
    Map<String, Object> message = message("heartbeat");
    message.put("connectedClients", all.metrics.active());
    message.put("idleTime", TimeUnit.NANOSECONDS.toMillis(idleNs));
    send(Json.bytes(message));
  }

  @Override
  protected void skipped(Map<String, Integer> counts) {
    send("feed:conflated", "skipped", counts);
  }

  @Override
  protected void closed(CloseReason why) {
    all.metrics.closes.get(why).increment();
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
    if (fragments.readableBytes() + frame.content().readableBytes() > MESSAGE_MAX) {
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
    ClientMessage message = ClientMessage.read(utf8.toString(StandardCharsets.UTF_8));
    switch (message.type()) {
      case PING -> pong(message);
      case SUBSCRIBE -> subscribe(message.tokens());
      case UNSUBSCRIBE -> unsubscribe(message.tokens());
      case MALFORMED -> {
        all.metrics.nonsense.increment();
        error(message.fault());
      }
    }
  }

  private void pong(ClientMessage ping) {
    long unixNs = all.clocks.unixNs();
    OptionalDouble latency =
        ping.ms().isEmpty()
            ? OptionalDouble.empty()
            : all.policy.latencyMs(ping.ms().getAsDouble(), unixNs / NS_OF_MS);
    latency.ifPresent(all.metrics::latency);
    all.metrics.pings.increment();
    Map<String, Object> message = message("pong");
    message.put("originalTimestamp", new RawValue(ping.timestamp()));
    message.put("latency", latency.isPresent() ? latency.getAsDouble() : null);
    message.put("serverTime", unixNs);
    send(Json.bytes(message));
  }

  private void subscribe(List<String> more) {
    Set<String> wanted = tokens == null ? new TreeSet<>() : tokens;
    long added = more.stream().distinct().filter(name -> !wanted.contains(name)).count();
    int limit = all.settings.limits().maxSubscriptions();
    if (wanted.size() + added > limit) {
      error("at most " + limit + " tokens can be subscribed to");
      return;
    }
    more.forEach(name -> wanted.add(all.feeds.canonical(name)));
    tokens = wanted;
    send("subscription:ack", "tokens", tokens);
  }

  private void unsubscribe(List<String> less) {
    if (tokens == null) {
      tokens = new TreeSet<>();
    }
    less.forEach(tokens::remove);
    send("subscription:ack", "tokens", tokens);
  }

  private void send(String type, String field, Object value) {
    Map<String, Object> message = message(type);
    message.put(field, value);
    send(Json.bytes(message));
  }

  private Map<String, Object> message(String type) {
    nonces++;
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("type", type);
    message.put("timestamp", TimeUnit.NANOSECONDS.toMillis(all.clocks.unixNs()));
    message.put("nonce", id() + "-" + nonces);
    return message;
  }

  private String id() {
    return "client-" + number;
  }
}
