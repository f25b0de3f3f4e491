package targets.auction;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.shared.Counters;
import targets.shared.NatsLink;
import targets.shared.Service;
import targets.shared.Store;

/** The JetStream store of all events. Each service of the auction creates it if it is missing. */
public record EventStore(
    @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if needed")
        URI nats,
    @Option(value = "24h", in = "1s..30d", help = "how long events can be replayed")
        Duration retain,
    @Option(value = "1GiB", in = "1MiB..1TiB", help = "size of the store; above it the oldest go")
        long retainBytes) {
  public Store store() {
    String live = Names.LIVE_PREFIX + "{{wildcard(1)}}";
    return new Store(
        Names.STORE, Names.STORED_PREFIX + "*", live, retain, retainBytes, 1, Optional.empty());
  }

  /** Returns a link to the store for the life of a service; the watcher receives its events. */
  public NatsLink link(Service service, Counters counters, NatsLink.Watcher watcher) {
    return service.add(new NatsLink(nats, "auction", counters, watcher, Optional.of(store())));
  }
}
