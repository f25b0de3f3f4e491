package targets.auction;

import io.nats.client.Connection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import settings.SettingsReader;
import targets.shared.Addresses;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Service;
import targets.shared.StoreKeeper;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/**
 * The JetStream store of all events, and a service's connection to it. Each service of the auction
 * creates the store if it is missing. Thread-safe.
 */
public final class EventStore {
  /** How long events are kept. */
  public static final Setting RETAIN =
      new Setting("retain", "24h", "how long events can be replayed from JetStream");

  /** Maximum size of the store. */
  public static final Setting RETAIN_BYTES =
      new Setting("retain-bytes", "1GiB", "maximum size of the store; beyond it the oldest go");

  private static final long MIB = 1L << 20;

  private final LinkState nats;
  private final StoreKeeper keeper;
  private final NatsLink link;

  /**
   * Settings of the connection and the store.
   *
   * @param client name of the connection in the monitoring of NATS
   */
  public record Settings(String client, URI nats, StoreSettings store) {
    /** Reads {@link Addresses#NATS}, {@link #RETAIN} and {@link #RETAIN_BYTES}. */
    public static Settings read(SettingsReader reader, String client) {
      return new Settings(
          client,
          Addresses.nats(reader),
          new StoreSettings(
              reader.duration("retain", Duration.ofSeconds(1), Duration.ofDays(30)),
              reader.bytes("retain-bytes", MIB, MIB << 20),
              Optional.empty()));
    }
  }

  /**
   * @param service connects while it runs
   * @param nats receives the state of the connection
   * @param watcher receives the events of the connection
   */
  public EventStore(
      Settings settings,
      Service service,
      LinkState nats,
      NatsLink.Watcher watcher,
      LongSupplier nanoClock) {
    this.nats = nats;
    String subjects = Names.STORED_PREFIX + "*";
    String live = Names.LIVE_PREFIX + "{{wildcard(1)}}";
    keeper =
        new StoreKeeper(
            settings.store(),
            StoreKeeper.configuration(Names.STORE, subjects, live, settings.store()),
            watcher);
    link =
        new NatsLink(
            settings.nats().toString(), "auction", NatsLink.Waiting.NONE, nats, keeper, nanoClock);
    service.add(link);
    service.add(keeper);
  }

  /** Returns the state of the store, apart from the connection's. */
  public LinkState state() {
    return keeper.state();
  }

  /** Returns the connection while the store answers. */
  public Optional<Connection> connection() {
    return nats.isUp() && state().isUp() ? link.connection() : Optional.empty();
  }

  /** Has the store checked, because it did not answer. */
  public void check() {
    keeper.check();
  }
}
