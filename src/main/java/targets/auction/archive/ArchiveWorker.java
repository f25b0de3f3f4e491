package targets.auction.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import targets.auction.AuctionEvent;
import targets.auction.EventKind;
import targets.auction.Names;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.StoreKeeper;

/** Fetches, stores, acknowledges: in this order. One thread. */
final class ArchiveWorker implements AutoCloseable {
  private static final String CONSUMER = "archival-worker";

  /** What a killed archive had in hand is given out again after this. */
  private static final Duration ACKNOWLEDGE_WITHIN = Duration.ofSeconds(5);

  private static final Duration FETCH = Duration.ofMillis(500);
  private static final long RETRY_MS = 100;
  private static final long RETRY_MAX_MS = 2000;
  private static final long JOIN_SLACK_MS = 3000;
  private static final String VIOLATION = "23";
  private static final String BAD_DATA = "22";

  private final Archive archive;
  private final LinkState postgres;
  private final NatsLink nats;
  private final StoreKeeper keeper;
  private final ArchiveMetrics metrics;
  private final ArchiveSettings settings;
  private final LongSupplier nanoClock;
  private final Thread thread = new Thread(this::run, "archive");
  private volatile long closedNs;
  private volatile boolean closed;

  /**
   * An event of a message; empty if it is none.
   *
   * @param message to be acknowledged
   */
  private record Entry(Message message, Optional<AuctionEvent> event) {
    long position() {
      return message.metaData().streamSequence();
    }
  }

  ArchiveWorker(
      Archive archive,
      LinkState postgres,
      NatsLink nats,
      StoreKeeper keeper,
      ArchiveMetrics metrics,
      ArchiveSettings settings,
      LongSupplier nanoClock) {
    this.archive = archive;
    this.postgres = postgres;
    this.nats = nats;
    this.keeper = keeper;
    this.metrics = metrics;
    this.settings = settings;
    this.nanoClock = nanoClock;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Finishes the batch in hand, within the bound. */
  @Override
  public void close() {
    closedNs = nanoClock.getAsLong();
    closed = true;
    try {
      thread.join(settings.drain().toMillis() + JOIN_SLACK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        boolean there = isThere();
        Optional<Connection> connection = nats.connection();
        if (there && connection.isPresent() && nats.state().isUp() && keeper.state().isUp()) {
          serve(connection.get());
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isThere() {
    try {
      archive.check();
      postgres.up();
      return true;
    } catch (SQLException e) {
      postgres.down(words(e));
      return false;
    }
  }

  private void serve(Connection connection) throws InterruptedException {
    try {
      connection.jetStreamManagement().addOrUpdateConsumer(Names.STORE, consumer());
      JetStreamSubscription events =
          connection.jetStream().subscribe(null, PullSubscribeOptions.bind(Names.STORE, CONSUMER));
      try {
        while (!closed && nats.state().isUp() && connection == nats.connection().orElse(null)) {
          List<Message> messages = events.fetch(settings.batch(), FETCH);
          if (messages.isEmpty()) {
            metrics.waiting(events.getConsumerInfo().getNumPending());
            if (!isThere()) {
              return;
            }
          } else if (!finish(read(messages))) {
            return;
          }
        }
      } finally {
        if (events.isActive()) {
          events.unsubscribe();
        }
      }
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      keeper.check(); // NATS is away, or has lost the store; found out again in a moment.
    }
  }

  private List<Entry> read(List<Message> messages) {
    List<Entry> entries = new ArrayList<>(messages.size());
    for (Message message : messages) {
      if (message.isJetStream()) {
        entries.add(new Entry(message, AuctionEvent.read(message.getData())));
      }
    }
    metrics.received.add(entries.size());
    return entries;
  }

  /** Stores a batch, however long PostgreSQL is away; false if it was given up when stopping. */
  private boolean finish(List<Entry> entries) throws InterruptedException {
    long waitMs = RETRY_MS;
    while (true) {
      try {
        store(entries);
        postgres.up();
        entries.forEach(entry -> entry.message().ack());
        return true;
      } catch (SQLException e) {
        postgres.down(words(e));
        metrics.retries.increment();
      }
      if (closed && nanoClock.getAsLong() - closedNs > settings.drain().toNanos()) {
        return false; // JetStream gives it to the next one.
      }
      TimeUnit.MILLISECONDS.sleep(waitMs);
      entries.forEach(entry -> entry.message().inProgress());
      waitMs = Math.min(waitMs * 2, RETRY_MAX_MS);
    }
  }

  private void store(List<Entry> entries) throws SQLException {
    List<AuctionEvent> events = entries.stream().flatMap(entry -> entry.event().stream()).toList();
    try {
      if (!events.isEmpty()) {
        count(events, archive.store(events));
      }
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      for (Entry entry : entries) {
        storeAlone(entry);
      }
    }
    for (Entry entry : entries) {
      if (entry.event().isEmpty()) {
        refuse(entry, "this is no event");
      }
    }
  }

  /** One of a batch in which something was refused. */
  private void storeAlone(Entry entry) throws SQLException {
    if (entry.event().isEmpty()) {
      return;
    }
    try {
      count(List.of(entry.event().get()), archive.store(List.of(entry.event().get())));
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      refuse(entry, words(e));
      archive.makeItem(entry.event().get());
    }
  }

  private void refuse(Entry entry, String reason) throws SQLException {
    archive.refuse(entry.position(), new String(entry.message().getData(), UTF_8), reason);
    metrics.refused.increment();
  }

  private void count(List<AuctionEvent> events, int added) {
    long bids = events.stream().filter(event -> event.kind() == EventKind.BID).count();
    metrics.batches.increment();
    metrics.archived.add(added);
    metrics.repeated.add(bids - added);
    metrics.others.add(events.size() - bids);
  }

  private ConsumerConfiguration consumer() {
    return ConsumerConfiguration.builder()
        .durable(CONSUMER)
        .deliverPolicy(DeliverPolicy.All)
        .ackPolicy(AckPolicy.Explicit)
        .ackWait(ACKNOWLEDGE_WITHIN)
        .maxAckPending(2L * settings.batch())
        .build();
  }

  private static boolean isRefusal(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith(VIOLATION) || state.startsWith(BAD_DATA);
  }

  private static String words(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
