package targets.relay.bridge;

import io.nats.client.Connection;
import java.util.Optional;
import java.util.function.LongSupplier;
import settings.SettingsReader;
import targets.relay.message.Delivery;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.Service;
import targets.shared.StoreKeeper;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** First process of the relay, from Redis to NATS. */
public final class BridgeServer {
  /** Description for the command line. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "relay-bridge",
          "Token relay, first half: Redis to NATS",
          BridgeSettings.class,
          reader -> start(reader, Seam.HONEST, Extension.NONE));

  /** Reserved for NATS headers, which count as payload. */
  private static final int HEADER_BYTES = 1024;

  /** Of nats-server, unless it is configured otherwise. */
  private static final long PAYLOAD_DEFAULT = 1 << 20;

  private final BridgeSettings settings;
  private final BridgeMetrics metrics;
  private final Service service;
  private final Seam seam;
  private final Clocks clocks = Clocks.SYSTEM;

  /** Parts of the bridge that can be replaced from outside. */
  public interface Seam {
    /** Replaces nothing. */
    Seam HONEST = new Seam() {};

    /** Returns whether a message is passed on. */
    default boolean passes(TokenMessage message) {
      return true;
    }

    /** Returns the count of messages that are not passed on. */
    default Undelivered undelivered() {
      return new Undelivered();
    }
  }

  private BridgeServer(BridgeSettings settings, Seam seam, Extension extension) {
    this.settings = settings;
    this.seam = seam;
    this.metrics = new BridgeMetrics(seam.undelivered());
    this.service = new Service("bridge", 1, metrics.counters, extension);
  }

  /**
   * Starts a bridge; returns when it listens, whether Redis and NATS answer or not.
   *
   * @param extension attached for the whole life
   * @throws settings.BadSettings with every wrong value, or if the port cannot be bound
   */
  public static Target start(SettingsReader reader, Seam seam, Extension extension) {
    BridgeServer bridge = new BridgeServer(reader.finish(BridgeSettings.class), seam, extension);
    bridge.service.needs(bridge.metrics.redis);
    bridge.service.needs(bridge.metrics.nats);
    if (bridge.settings.delivery() == Delivery.CORE) {
      bridge.forwardChannels();
    } else {
      bridge.forwardLog();
    }
    bridge.service.listen(bridge.settings.host(), bridge.settings.port());
    return bridge.service;
  }

  private void forwardChannels() {
    var outbox =
        new NatsLink.Waiting(ChannelForwarder.OUTBOX_BYTES, settings.drain(), clocks.nano());
    NatsLink nats =
        service.add(
            new NatsLink(
                settings.nats(), SPEC.name(), metrics.nats, NatsLink.Watcher.NONE, outbox));
    Translation translation = translation(() -> payloadMax(nats).orElse(Long.MAX_VALUE));
    service.add(new ChannelForwarder(settings, nats, translation, metrics));
  }

  private void forwardLog() {
    StoreKeeper keeper = new StoreKeeper(settings.store().store(), NatsLink.Watcher.NONE);
    NatsLink nats = service.add(new NatsLink(settings.nats(), SPEC.name(), metrics.nats, keeper));
    service.add(keeper);
    service.needs(keeper.state());
    Translation translation =
        translation(() -> payloadMax(nats).orElse(PAYLOAD_DEFAULT) - HEADER_BYTES);
    TokenLog log = new TokenLog(settings, nats, translation, metrics);
    Pump.Ending batchInHand = new Pump.Ending(settings.drain(), false);
    service.add(new Pump<>("token-log", log, log, batchInHand, clocks.nano()));
  }

  private static Optional<Long> payloadMax(NatsLink nats) {
    return nats.connection().map(Connection::getMaxPayload);
  }

  private Translation translation(LongSupplier bytesMax) {
    return new Translation(metrics.undelivered, bytesMax, seam::passes, clocks);
  }
}
