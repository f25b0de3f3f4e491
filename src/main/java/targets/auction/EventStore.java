package targets.auction;

import static settings.Option.Form.BYTES;

import io.nats.client.Connection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import settings.Option;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Service;
import targets.shared.Store;
import targets.shared.StoreKeeper;

/**
 * The JetStream store of all events, and a service's connection to it. Each service of the auction
 * creates the store if it is missing. Thread-safe.
 */
public final class EventStore {
  private final LinkState nats;
  private final StoreKeeper keeper;
  private final NatsLink link;

  /** Settings of the connection and the store. */
  public record Settings(
      @Option(
              value = "nats://127.0.0.1:4222",
              about = "NATS, with user and password if it requires them")
          URI nats,
      @Option(
              value = "24h",
              min = "1s",
              max = "30d",
              about = "how long events can be replayed from JetStream")
          Duration retain,
      @Option(
              value = "1GiB",
              form = BYTES,
              min = "1MiB",
              max = "1TiB",
              about = "maximum size of the store; beyond it the oldest go")
          long retainBytes) {
    /** Returns the store. */
    public Store store() {
      String live = Names.LIVE_PREFIX + "{{wildcard(1)}}";
      return new Store(
          Names.STORE, Names.STORED_PREFIX + "*", live, retain, retainBytes, Optional.empty());
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
    keeper = new StoreKeeper(settings.store(), watcher);
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
