package targets.auction;

import io.nats.client.Connection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import settings.Option;
import targets.shared.Counters;
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
  private final LinkState nats = new LinkState("NATS");
  private final StoreKeeper keeper;
  private final NatsLink link;

  public record Settings(
      @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if needed")
          URI nats,
      @Option(value = "24h", in = "1s..30d", help = "how long events can be replayed")
          Duration retain,
      @Option(
              value = "1GiB",
              in = "1MiB..1TiB",
              help = "maximum size of the store; beyond it the oldest go")
          long retainBytes) {
    public Store store() {
      String live = Names.LIVE_PREFIX + "{{wildcard(1)}}";
      return new Store(
          Names.STORE, Names.STORED_PREFIX + "*", live, retain, retainBytes, 1, Optional.empty());
    }
  }

  /** A store that is connected while the service runs; the watcher receives its events. */
  public EventStore(
      Settings settings, Service service, Counters counters, NatsLink.Watcher watcher) {
    keeper = new StoreKeeper(settings.store(), watcher);
    link = service.add(new NatsLink(settings.nats(), "auction", nats, keeper));
    service.add(keeper);
    counters.counter("nats_losses", "Times NATS was lost", nats::losses);
  }

  public List<LinkState> states() {
    return List.of(nats, keeper.state());
  }

  /** Returns the connection while the store answers. */
  public Optional<Connection> connection() {
    return nats.isUp() && keeper.state().isUp() ? link.connection() : Optional.empty();
  }

  /** Has the store checked, because it did not answer. */
  public void check() {
    keeper.check();
  }
}
