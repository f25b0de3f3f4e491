package targets.relay.bridge;

import io.nats.client.Connection;
import java.util.Optional;
import java.util.function.Consumer;
import targets.relay.bridge.Translation.Outgoing;
import targets.relay.message.Names;
import targets.relay.message.Undelivered.Reason;
import targets.shared.Clocks;
import targets.shared.NatsLink;

/**
 * Core delivery: publishes messages to NATS, at most once. While NATS is away, up to {@value
 * #OUTBOX_BYTES} bytes wait in its client; further messages are counted as lost. Used by one
 * thread.
 */
final class ChannelPublisher implements Consumer<byte[]> {
  /** As in the original's NATS client. */
  static final long OUTBOX_BYTES = 8 << 20;

  private final NatsLink nats;
  private final Translation translation;
  private final BridgeMetrics metrics;
  private final Clocks clocks;

  ChannelPublisher(NatsLink nats, Translation translation, BridgeMetrics metrics, Clocks clocks) {
    this.nats = nats;
    this.translation = translation;
    this.metrics = metrics;
    this.clocks = clocks;
  }

  /** Returns the largest message that NATS accepts; without bound before the first connection. */
  static long bytesMax(NatsLink nats) {
    return nats.connection().map(Connection::getMaxPayload).orElse(Long.MAX_VALUE);
  }

  @Override
  public void accept(byte[] message) {
    metrics.received.increment();
    Optional<Outgoing> translated = translation.of(message, "\"bridge\":" + clocks.unixNs());
    if (translated.isEmpty()) {
      return;
    }
    boolean published = publish(translated.get());
    if (!translated.get().isNotice()) {
      if (published) {
        metrics.published.increment();
      } else {
        metrics.undelivered.add(Reason.NATS_AWAY, "NATS is away and its client's outbox is full");
      }
    }
  }

  private boolean publish(Outgoing message) {
    Optional<Connection> connection = nats.connection();
    if (connection.isEmpty()) {
      return false;
    }
    try {
      connection.get().publish(Names.subject(message.id()), message.json());
      return true;
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false; // Closed, or the outbox is full: the caller counts it.
    }
  }
}
