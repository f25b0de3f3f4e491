package targets.relay.bridge;

import io.nats.client.Connection;
import java.util.List;
import targets.relay.bridge.TokenLog.Entry;
import targets.shared.Clocks;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.StoreSettings;
import targets.shared.StoreWriter;
import targets.shared.StoreWriter.Outgoing;

/** Durable delivery: stores messages in JetStream. Used by the pump's thread. */
final class StorePublisher implements Pump.Sink<Entry> {
  /** Reserved for NATS headers, which count as payload. */
  private static final int HEADER_BYTES = 1024;

  /** Of nats-server, unless it is configured otherwise. */
  private static final long PAYLOAD_DEFAULT = 1 << 20;

  private final NatsLink nats;
  private final BridgeMetrics metrics;
  private final StoreWriter writer;

  StorePublisher(NatsLink nats, StoreSettings store, BridgeMetrics metrics, Clocks clocks) {
    this.nats = nats;
    this.metrics = metrics;
    this.writer =
        new StoreWriter(
            store,
            ack -> {
              if (ack.isDuplicate()) {
                metrics.repeated.increment();
              }
            },
            clocks.nano());
  }

  /** Returns the largest message that the store accepts. */
  static long bytesMax(NatsLink nats) {
    return nats.connection().map(Connection::getMaxPayload).orElse(PAYLOAD_DEFAULT) - HEADER_BYTES;
  }

  @Override
  public boolean isReady() {
    return nats.state().isUp();
  }

  @Override
  public int deliver(List<Entry> entries) throws InterruptedException {
    List<Outgoing> messages = entries.stream().flatMap(entry -> entry.outgoing().stream()).toList();
    int stored =
        nats.connection().isPresent() ? writer.write(nats.connection().get(), messages) : 0;
    metrics.published.add(stored);
    if (stored == messages.size()) {
      return entries.size();
    }
    int delivered = 0;
    while (entries.get(delivered).outgoing().isEmpty() || stored-- > 0) {
      delivered++;
    }
    return delivered;
  }
}
