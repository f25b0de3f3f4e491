package targets.relay.adapter;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.prometheus.metrics.core.metrics.Histogram;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import settings.Option;
import settings.SettingsReader;
import targets.relay.message.Channels;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenStore;
import targets.relay.message.Undelivered;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.HttpEdge;
import targets.shared.Json;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Replies;
import targets.shared.Service;
import targets.shared.Store;
import targets.shared.StoreReader;
import targets.shared.StreamSlots;
import targets.shared.TargetSpec;

/** Second process of the relay, from NATS to server-sent events. Thread-safe. */
public final class AdapterServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "relay-adapter",
          8090,
          "Token relay, second half: NATS to server-sent events",
          Settings.class,
          reader -> start(reader, new Seam() {}));

  /** A client is slow while more than this is unsent. */
  private static final WriteBufferWaterMark UNSENT_BYTES =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private static final int BODY_BYTES_MAX = 1 << 20;

  /** Tokens that come together leave together, at most so many in one write. */
  private static final int FLUSH_EVERY = 256;

  final Settings settings;
  final Metrics metrics = new Metrics();
  final Clocks clocks = Clocks.SYSTEM;
  final Seam seam;
  final Service service;
  final Subscriptions subscriptions = new Subscriptions(this);
  final StoreReader store;
  private final StreamSlots slots;
  private final NatsLink nats;

  /** Parts of a stream that can be replaced from outside; called on its event loop. */
  public interface Seam {
    /** Returns the request to serve. */
    default StreamRequest request(StreamRequest request) {
      return request;
    }

    /**
     * Begins a stream.
     *
     * @param greet sends the head of the response and the greeting
     * @param subscribe subscribes to the conversation, and greets if that is still to be done
     */
    default void begin(EventLoop loop, Runnable greet, Runnable subscribe) {
      subscribe.run();
    }

    /** Returns the writer of a stream's tokens, given the honest one. */
    default Consumer<Token> writer(Function<Token, ChannelFuture> honest, StreamRequest request) {
      return token -> {
        var unused = honest.apply(token);
      };
    }
  }

  private AdapterServer(Settings settings, Seam seam, Extension... extensions) {
    this.settings = settings;
    this.seam = seam;
    this.service = new Service("adapter", settings.threads(), metrics, extensions);
    this.slots = new StreamSlots(settings.maxStreams());
    Store place = settings.store().store();
    Optional<Store> kept =
        Optional.of(place).filter(unused -> settings.delivery() == Guarantee.DURABLE);
    this.nats =
        service.add(new NatsLink(settings.nats(), SPEC.name(), metrics, subscriptions, kept));
    nats.states().forEach(service::needs);
    this.store = new StoreReader(place, nats::connection, metrics.storeReads);
    service.add(subscriptions);
    service.drains(
        slots,
        settings.drain(),
        channel -> channel.pipeline().get(ClientConnection.class).cutOff());
  }

  /** Starts an adapter, as {@link TargetSpec#start} does. */
  public static Service start(SettingsReader reader, Seam seam, Extension... extensions) {
    Settings settings = reader.finish(Settings.class);
    AdapterServer adapter = new AdapterServer(settings, seam, extensions);
    adapter.service.listen(settings.listener(), adapter::accept);
    return adapter.service;
  }

  /** Reads a message, live or from the store; empty for one that cannot be passed on. */
  Optional<Token> token(Message message) {
    return Token.read(message, clocks.unixNs(), metrics.undelivered);
  }

  /** Takes a slot for a stream; returns the reason if there is none. */
  Optional<String> admit() {
    Optional<String> reason = service.unready();
    if (reason.isEmpty() && !slots.take()) {
      reason = Optional.of("all " + settings.maxStreams() + " streams are taken");
    }
    (reason.isPresent() ? metrics.refused : metrics.total).increment();
    return reason;
  }

  void ended(Metrics.End how, long startNs) {
    metrics.ended(how, clocks.nowNs() - startNs);
    slots.giveBack();
  }

  /**
   * Publishes a user's message on {@code chat.<id>.messages}. The original does not say where its
   * prompts go; here an answering producer can subscribe to them. Returns the refusal of a message
   * that cannot be published.
   */
  Optional<FullHttpResponse> publishPrompt(String id, String message) {
    byte[] json =
        Json.bytes(Map.of("conversation_id", id, "message", message, "timestamp", clocks.unixNs()));
    Connection connection = nats.connection().orElseThrow(); // A subscription stands.
    if (json.length > connection.getMaxPayload()) {
      String reason = "the message is longer than NATS takes";
      return Optional.of(Replies.error(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, reason));
    }
    try {
      connection.publish(Channels.promptSubject(id), json);
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(Replies.unavailable("NATS is away"));
    }
  }

  private void accept(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(UNSENT_BYTES);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new FlushConsolidationHandler(FLUSH_EVERY, true));
    HttpEdge.fill(channel, BODY_BYTES_MAX, new ClientConnection(this));
  }

  /**
   * Counters of the adapter. Thread-safe.
   *
   * <p>Conservation: total connections = active + the ends of every kind.
   */
  static final class Metrics extends Counters {
    private static final double[] DURATION_BOUNDS_S = {1, 5, 10, 30, 60, 120, 300, 600};
    private static final double NS_OF_S = 1e9;

    final Undelivered undelivered;
    final LongAdder total = new LongAdder();

    /** Conversations that have subscribers, or had one a moment ago. */
    volatile int conversations;

    { // Before the fields below, because the figures are shown in this order.
      difference("active_connections", "Streams open now", "total_connections", List.of("ended"));
      gauge("conversations", "Conversations subscribed to", () -> conversations);
      // A gauge, because a counter's name would get another ending than the original's.
      gauge("total_connections", "Streams begun since the start", total::sum);
    }

    final LongAdder delivered = counter("messages_delivered", "Token events written");
    final LongAdder bytes =
        counter("bytes_sent", "sse_bytes", "Bytes of events and comments written");
    private final Map<End, LongAdder> ends =
        counters("ended", "Streams that ended this way", End.class);
    final LongAdder missing = counter("tokens_missing", "Tokens that a stream never got");
    final LongAdder late = counter("tokens_late", "Core: tokens out of order");
    final LongAdder repeated = counter("tokens_repeated", "Durable: tokens held back as known");
    final LongAdder losses = counter("losses_told", "Losses reported by an error event");
    final LongAdder slowed = counter("clients_slowed", "sse_slowed", "Times an outbox was full");
    final LongAdder storeReads = counter("store_reads", "Durable: reads from the store");
    final LongAdder replayed = counter("tokens_replayed", "Durable: tokens from the store");
    final LongAdder refused =
        counter("refused_requests", "sse_requests_refused", "Requests refused");
    private final Histogram durations =
        Histogram.builder()
            .name("sse_connection_duration_seconds")
            .help("How long streams were open")
            .classicOnly()
            .classicUpperBounds(DURATION_BOUNDS_S)
            .register(registry());

    /** End of a stream. */
    enum End {
      /** With the message that ends its conversation. */
      DONE,
      TIMED_OUT,
      SLOW,
      LEFT,
      STOPPED
    }

    Metrics() {
      super("sse_");
      undelivered = new Undelivered(this);
    }

    void ended(End end, long durationNs) {
      ends.get(end).increment();
      durations.observe(durationNs / NS_OF_S);
    }
  }

  record Settings(
      Listener listener,
      @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if required")
          URI nats,
      @Option(value = "core", help = "core: at most once; durable: exactly once, JetStream needed")
          Guarantee delivery,
      @Option(value = "30s", in = "10ms..1h", help = "limit for a stream's first token")
          Duration firstToken,
      @Option(value = "15s", in = "10ms..1h", help = "time between keep-alive comments")
          Duration keepAlive,
      @Option(value = "20000", in = "1..1000000", help = "streams at once; above it 503")
          int maxStreams,
      @Option(value = "1MiB", in = "1..64MiB", help = "core: close a client with more unsent bytes")
          int outbox,
      @Option(value = "30s", in = "10ms..1h", help = "limit for a client that stalls")
          Duration clientStall,
      @Option(value = "1s", in = "10ms..1h", help = "durable: silence before a store read")
          Duration check,
      @Option(value = "5s", in = "10ms..1h", help = "durable: search for a lost token")
          Duration hole,
      TokenStore store,
      @Option(value = "10s", in = "0..1h", help = "how long streams may go on when stopping")
          Duration drain,
      @Option(value = "1", in = "1..256", help = "event loops") int threads) {}
}
