package targets.auction.archive;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import targets.auction.EventStore;
import targets.auction.Names;
import targets.shared.Pump;

/** Reads the archive's durable consumer of JetStream. */
record EventConsumer(EventStore store, int batch, ArchiveCounters counters)
    implements Pump.Source<Message> {
  private static final String CONSUMER = "archival-worker";

  /** JetStream redelivers the batch of a killed archive after this. */
  private static final Duration ACKNOWLEDGE_WITHIN = Duration.ofSeconds(5);

  private static final Duration FETCH = Duration.ofMillis(500);
  private static final long RETRY_MS = 100;

  @Override
  public Pump.Session<Message> open() throws IOException, JetStreamApiException {
    Connection connection =
        store.connection().orElseThrow(() -> new IOException("the store does not answer"));
    connection
        .jetStreamManagement()
        .addOrUpdateConsumer(
            Names.STORE,
            ConsumerConfiguration.builder()
                .durable(CONSUMER)
                .deliverPolicy(DeliverPolicy.All)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ACKNOWLEDGE_WITHIN)
                .maxAckPending(2L * batch)
                .build());
    return new Subscription(
        this,
        connection,
        connection.jetStream().subscribe(null, PullSubscribeOptions.bind(Names.STORE, CONSUMER)));
  }

  @Override
  public long failed(Exception reason) {
    store.check(); // The store or the consumer may be lost.
    return RETRY_MS;
  }

  private record Subscription(
      EventConsumer consumer, Connection connection, JetStreamSubscription events)
      implements Pump.Session<Message> {
    /** Needs no lease: JetStream hands each message to one archive at a time. */
    @Override
    public boolean lease() throws IOException {
      if (consumer.store.connection().filter(connection::equals).isEmpty()) {
        throw new IOException("the connection is lost");
      }
      return true;
    }

    @Override
    public List<Message> read() throws IOException, JetStreamApiException {
      List<Message> messages =
          events.fetch(consumer.batch, FETCH).stream().filter(Message::isJetStream).toList();
      consumer.counters.received.add(messages.size());
      if (messages.isEmpty()) {
        consumer.counters.waiting = events.getConsumerInfo().getNumPending();
      }
      return messages;
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
