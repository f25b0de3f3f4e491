package targets.auction.archive;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.SequenceInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.auction.Names;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.Store;

/**
 * Reads the archive's durable consumer of JetStream, and counts events that the store deleted
 * before they were read.
 */
record EventConsumer(NatsLink store, LinkState state, int batch, ArchiveServer.Figures counters)
    implements Pump.Source<Message> {
  private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

  /** JetStream redelivers the batch of a killed archive after this. */
  private static final Duration ACKNOWLEDGE_WITHIN = Duration.ofSeconds(5);

  private static final Duration FETCH = Duration.ofMillis(500);
  private static final long RETRY_MS = 100;
  private static final int NOT_FOUND = 10014;

  private static final ConsumerConfiguration NEEDED =
      ConsumerConfiguration.builder()
          .durable(Names.ARCHIVE)
          .deliverPolicy(DeliverPolicy.All)
          .ackPolicy(AckPolicy.Explicit)
          .ackWait(ACKNOWLEDGE_WITHIN)
          .maxAckPending(ArchiveServer.BATCH_MAX)
          .build();

  @Override
  public Pump.Session<Message> open() throws IOException, JetStreamApiException {
    Connection connection =
        store.ready().orElseThrow(() -> new IOException("the store does not answer"));
    ConsumerInfo there = found(connection.jetStreamManagement());
    String what = "consumer " + Names.STORE + " " + Names.ARCHIVE;
    Optional<String> difference =
        Store.difference(what, settings(there.getConsumerConfiguration()), settings(NEEDED));
    if (difference.isPresent()) {
      throw new IllegalStateException(difference.get());
    }
    state.up();
    return new Subscription(
        connection,
        connection
            .jetStream()
            .subscribe(null, PullSubscribeOptions.bind(Names.STORE, Names.ARCHIVE)),
        there.getDelivered());
  }

  @Override
  public long failed(Exception reason) {
    state.down(String.valueOf(reason.getMessage()));
    store.check(); // The store or the consumer may be lost.
    return RETRY_MS;
  }

  private static Map<String, Object> settings(ConsumerConfiguration consumer) {
    return Map.of(
        "deliver", consumer.getDeliverPolicy(),
        "ack", consumer.getAckPolicy(),
        "wait", String.valueOf(consumer.getAckWait()),
        "max-pending", consumer.getMaxAckPending());
  }

  private static ConsumerInfo found(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      return management.getConsumerInfo(Names.STORE, Names.ARCHIVE);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_FOUND) {
        throw e;
      }
      return management.createConsumer(Names.STORE, NEEDED);
    }
  }

  private final class Subscription implements Pump.Session<Message> {
    private final Connection connection;
    private final JetStreamSubscription events;

    /** The latest position in the store that was delivered, and the number of its delivery. */
    private long position;

    private long delivery;

    Subscription(Connection connection, JetStreamSubscription events, SequenceInfo delivered) {
      this.connection = connection;
      this.events = events;
      this.position = delivered.getStreamSequence();
      this.delivery = delivered.getConsumerSequence();
    }

    /** Needs no lease: JetStream hands each message to one archive at a time. */
    @Override
    public boolean lease() throws IOException {
      if (store.ready().filter(connection::equals).isEmpty()) {
        throw new IOException("the connection is lost");
      }
      return true;
    }

    @Override
    public List<Message> read() throws IOException, JetStreamApiException {
      List<Message> messages =
          events.fetch(batch, FETCH).stream().filter(Message::isJetStream).toList();
      counters.received.add(messages.size());
      for (Message message : messages) {
        reached(message.metaData().streamSequence(), message.metaData().consumerSequence());
      }
      if (messages.isEmpty()) {
        counters.waiting = events.getConsumerInfo().getNumPending();
      }
      return messages;
    }

    /** Positions grow by one a delivery, unless events in between were deleted. */
    private void reached(long nextPosition, long nextDelivery) {
      if (nextPosition <= position) {
        return; // Delivered again.
      }
      long missing = nextPosition - position - (nextDelivery - delivery);
      if (missing > 0) {
        counters.missing.add(missing);
        LOG.error("{} events before {} were deleted before they were read", missing, nextPosition);
      }
      position = nextPosition;
      delivery = nextDelivery;
    }

    @Override
    public boolean keep(List<Message> messages) {
      messages.forEach(Message::inProgress);
      return true;
    }

    @Override
    public void acknowledge(List<Message> messages) {
      messages.forEach(Message::ack);
    }

    @Override
    public void close() {
      if (events.isActive()) {
        events.unsubscribe();
      }
    }
  }
}
