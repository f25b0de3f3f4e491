package simulations.relay;

import java.net.URI;
import java.util.Optional;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;

/**
 * Servers and a relay of the user's own, or the defects of the bundled one.
 *
 * @param natsUrl empty if a nats-server is started, or the relay is the user's own
 * @param natsLeaf whether the adapter is at a leaf node, and the bridge at its hub
 * @param natsCluster whether NATS is a cluster, which keeps every token at each of its nodes
 * @param sseUrl the user's own adapter, or with a path any feed; empty if the bundled relay is
 *     started
 * @param bridgeUrl address of the metrics of the user's own bridge
 */
public record Service(
    @Option(name = "redis.url") Optional<String> redisUrl,
    @Option(name = "nats.url") Optional<String> natsUrl,
    @Option(name = "nats.leaf") boolean natsLeaf,
    @Option(name = "nats.cluster") boolean natsCluster,
    @Option(name = "sse.url", like = "http://127.0.0.1:8090/feed?topic=a") Optional<URI> sseUrl,
    @Option(name = "bridge.url", like = "http://127.0.0.1:10080") Optional<URI> bridgeUrl,
    @Option(name = "bridge.defect") Optional<String> bridgeDefect,
    @Option(name = "adapter.defect") Optional<String> adapterDefect)
    implements Checked {
  @Override
  public void check(SettingsReader from) {
    if (sseUrl.isPresent() && natsUrl.isPresent()) {
      from.error("nats.url", "is for the bundled relay; with -Dsse.url the relay is your own");
    }
    if ((natsLeaf || natsCluster) && (natsUrl.isPresent() || sseUrl.isPresent())) {
      from.error(
          natsLeaf ? "nats.leaf" : "nats.cluster",
          "is for a NATS that the run starts: leave -Dnats.url and -Dsse.url out");
    }
    if (natsLeaf && natsCluster) {
      from.error("nats.cluster", "has no leaf nodes; choose one of -Dnats.leaf and -Dnats.cluster");
    }
    if (sseUrl.isPresent() && bridgeDefect.or(() -> adapterDefect).isPresent()) {
      from.error("bridge.defect", "a defect can only be planted in the bundled relay");
    }
  }

  /** Returns true if the address has a path or a query: all readers read what is there. */
  boolean isFeed() {
    return sseUrl.filter(url -> !url.getPath().matches("/?") || url.getQuery() != null).isPresent();
  }

  /** Leaves passwords out: a record's text may end up in a log. */
  @Override
  public String toString() {
    return "Service[" + (sseUrl.isPresent() ? "external" : "bundled") + "]";
  }
}
