package targets.relay.bridge;

import settings.SettingsReader;
import targets.relay.message.Delivery;
import targets.relay.message.TokenStore;
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

  private static final String NAME_IN_NATS = "relay-bridge";

  private final BridgeSettings settings;
  private final BridgeMetrics metrics;
  private final Service service;
  private final Seam seam;
  private final Clocks clocks = Clocks.SYSTEM;

  /** Parts of the bridge that can be replaced from outside. */
  public interface Seam {
    /** Replaces nothing. */
    Seam HONEST = new Seam() {};

    /** Returns the translation to use in place of the honest one. */
    default Translation translation(Translation honest) {
      return honest;
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
   * @param seam replaces parts
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
    NatsLink.Waiting outbox = new NatsLink.Waiting(ChannelPublisher.OUTBOX_BYTES, settings.drain());
    NatsLink nats = link(outbox, NatsLink.Watcher.NONE);
    Translation translation =
        Translation.counting(metrics.undelivered, () -> ChannelPublisher.bytesMax(nats));
    ChannelPublisher publisher =
        new ChannelPublisher(nats, seam.translation(translation), metrics, clocks);
    service.add(new ChannelReader(settings, metrics.redis, publisher));
  }

  private void forwardLog() {
    StoreKeeper keeper =
        new StoreKeeper(
            settings.store().store(),
            TokenStore.configuration(settings.store().store()),
            NatsLink.Watcher.NONE);
    NatsLink nats = link(NatsLink.Waiting.NONE, keeper);
    service.add(keeper);
    service.needs(keeper.state());
    Translation translation =
        Translation.counting(metrics.undelivered, () -> StorePublisher.bytesMax(nats));
    service.add(
        new Pump<>(
            "token-log",
            new TokenLog(settings, seam.translation(translation), metrics, clocks),
            new StorePublisher(nats, settings.store().store(), metrics, clocks),
            new Pump.Ending(settings.drain(), false),
            clocks.nano()));
  }

  private NatsLink link(NatsLink.Waiting outbox, NatsLink.Watcher watcher) {
    return service.add(
        new NatsLink(
            settings.nats().toString(),
            NAME_IN_NATS,
            outbox,
            metrics.nats,
            watcher,
            clocks.nano()));
  }
}
