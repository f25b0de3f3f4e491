package targets.relay.bridge;

import io.nats.client.Connection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import settings.Option;
import settings.SettingsReader;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenMessage;
import targets.relay.message.TokenStore;
import targets.relay.message.Undelivered;
import targets.relay.message.Undelivered.Reason;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.LinkState;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.Service;
import targets.shared.Store;
import targets.shared.TargetSpec;

/** First process of the relay, from Redis to NATS. */
public final class BridgeServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "relay-bridge",
          8091,
          "Token relay, first half: Redis to NATS",
          Settings.class,
          reader -> start(reader, new Seam() {}));

  /** Reserved for the headers of stored messages, which count as payload. */
  private static final int HEADER_BYTES = 1024;

  /** Of nats-server, unless it is configured otherwise. */
  private static final long PAYLOAD_DEFAULT = 1 << 20;

  final Settings settings;
  final Metrics metrics;
  final NatsLink nats;
  final Service service;
  final Clocks clocks = Clocks.SYSTEM;
  private final Seam seam;
  private final int headerBytes;

  /** Parts of the bridge that can be replaced from outside. */
  public interface Seam {
    /** Returns whether a message is passed on. */
    default boolean passes(TokenMessage message) {
      return true;
    }

    /** Returns the count of messages that are not passed on. */
    default Undelivered undelivered(Counters counters) {
      return new Undelivered(counters);
    }
  }

  private BridgeServer(Settings settings, Seam seam, Extension... extensions) {
    this.settings = settings;
    this.seam = seam;
    metrics = new Metrics(seam);
    service = new Service("bridge", 1, metrics, extensions);
    service.needs(metrics.redis);
    if (settings.delivery() == Guarantee.CORE) {
      headerBytes = 0;
      var outbox =
          new NatsLink.Waiting(ChannelForwarder.OUTBOX_BYTES, settings.drain(), clocks.nano());
      nats = connect(Optional.empty(), outbox);
      service.add(new ChannelForwarder(this));
    } else {
      headerBytes = HEADER_BYTES;
      nats = connect(Optional.of(settings.store().store()), NatsLink.Waiting.NONE);
      TokenLog log = new TokenLog(this);
      Pump.Ending batchInHand = new Pump.Ending(settings.drain(), false);
      service.add(new Pump<>("token-log", log, log, batchInHand, clocks.nano()));
    }
  }

  /** Starts a bridge, as {@link TargetSpec#start} does. */
  public static Service start(SettingsReader reader, Seam seam, Extension... extensions) {
    Settings settings = reader.finish(Settings.class);
    Service service = new BridgeServer(settings, seam, extensions).service;
    service.listen(settings.listener());
    return service;
  }

  /**
   * Turns a producer's message into one for NATS. Returns it with its times, or a notice of its
   * loss; empty if there is nothing to pass on.
   *
   * @param stamps earlier times, each with a comma behind it
   */
  Optional<TokenMessage> translate(byte[] bytes, String stamps) {
    String times = stamps + "\"bridge\":" + clocks.unixNs();
    return TokenMessage.read(bytes, times, metrics.undelivered)
        .map(this::bounded)
        .filter(seam::passes);
  }

  private TokenMessage bounded(TokenMessage message) {
    int bytes = message.json().length;
    long max = nats.connection().map(Connection::getMaxPayload).orElse(PAYLOAD_DEFAULT);
    if (message.isNotice() || bytes <= max - headerBytes) {
      return message;
    }
    String detail =
        "a message of " + bytes + " bytes is larger than NATS's limit " + (max - headerBytes);
    metrics.undelivered.add(Reason.TOO_LARGE, detail);
    return TokenMessage.notice(message.id(), message.sequence(), message.isDone(), detail);
  }

  private NatsLink connect(Optional<Store> store, NatsLink.Waiting outbox) {
    NatsLink link =
        new NatsLink(settings.nats(), SPEC.name(), metrics, NatsLink.Watcher.NONE, store, outbox);
    link.states().forEach(service::needs);
    return service.add(link);
  }

  /**
   * Counters of the bridge. Thread-safe.
   *
   * <p>Conservation, whenever nothing is under way and no bridge was killed: received = published +
   * undelivered, where durable delivery publishes a notice for a loss whose place is known. What is
   * read again after a failure is received and published again, and counted as {@link #repeated}.
   */
  static final class Metrics extends Counters {
    final LinkState redis = new LinkState("Redis");
    final Undelivered undelivered;
    final LongAdder published = counter("messages_published", "Messages handed to NATS");
    final LongAdder received = counter("messages_received", "Messages taken from Redis");
    final LongAdder repeated = counter("messages_repeated", "Messages JetStream had already");

    /** Entries that are read and not yet acknowledged. */
    volatile int underWay;

    volatile int shards;

    Metrics(Seam seam) {
      super("bridge_");
      gauge("messages_under_way", "Entries not yet acknowledged", () -> underWay);
      gauge("shards", "Shards that this bridge reads", () -> shards);
      undelivered = seam.undelivered(this);
      counter("errors", "Messages that were not passed on", undelivered::total);
      counter("redis_losses", "Times Redis was lost", redis::losses);
    }
  }

  record Settings(
      Listener listener,
      @Option(value = "redis://127.0.0.1:6379", help = "Redis, with user and password if required")
          URI redis,
      @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if required")
          URI nats,
      @Option(value = "core", help = "core: at most once; durable: exactly once, JetStream needed")
          Guarantee delivery,
      @Option(value = "8", in = "1..64", help = "durable: Redis streams llm:token-log:0 …")
          int shards,
      @Option(help = "durable: a bridge of the same name takes over at once") Optional<String> name,
      @Option(value = "2s", in = "500ms..1m", help = "durable: lease of the reading bridge")
          Duration lease,
      TokenStore store,
      @Option(value = "5s", in = "0..1h", help = "how long to pass on what was read when stopping")
          Duration drain) {}
}
