package targets.auction.bid;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntry;
import targets.auction.AuctionEvent;
import targets.auction.EventKind;
import targets.auction.Names;

/**
 * Publishes entries of the event log to JetStream, many at a time, in their order: each says which
 * position it expects to get, and JetStream refuses it if one before it was lost on the way. Its
 * event's id makes a repetition harmless. One thread.
 */
final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final String MESSAGE_ID = "Nats-Msg-Id";
  private static final String EXPECTED = "Nats-Expected-Last-Sequence";

  /** The entry's id in the event log, from which a relay that starts knows where to go on. */
  private static final String ENTRY = "Auction-Entry";

  private static final Duration ACKNOWLEDGE_BOUND = Duration.ofSeconds(2);
  private static final int NO_MESSAGE = 10037;
  private static final long MICROS_OF_S = 1_000_000;

  private final BidMetrics metrics;
  private final LongSupplier nanoClock;
  private long last;
  private long refusals;

  EventPublisher(BidMetrics metrics, LongSupplier nanoClock) {
    this.metrics = metrics;
    this.nanoClock = nanoClock;
  }

  /**
   * Looks where JetStream is; to be called before publishing, and after a failure.
   *
   * @return the entry of the last event that it has
   */
  Optional<StreamEntryID> resume(Connection connection) throws IOException, JetStreamApiException {
    JetStreamManagement management = connection.jetStreamManagement();
    last = management.getStreamInfo(Names.STORE).getStreamState().getLastSequence();
    if (last == 0) {
      return Optional.empty();
    }
    try {
      MessageInfo message = management.getMessage(Names.STORE, last);
      String entry = message.getHeaders() == null ? null : message.getHeaders().getFirst(ENTRY);
      return Optional.ofNullable(entry).map(StreamEntryID::new);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_MESSAGE) {
        return Optional.empty(); // It is there no more: too old.
      }
      throw e;
    }
  }

  /**
   * Publishes in order.
   *
   * @return how many from the first on JetStream has; before the rest, {@link #resume}
   */
  int publish(Connection connection, List<StreamEntry> entries) throws InterruptedException {
    List<CompletableFuture<PublishAck>> acks = new ArrayList<>(entries.size());
    try {
      JetStream store = connection.jetStream();
      long expected = last;
      for (StreamEntry entry : entries) {
        Optional<AuctionEvent> event = event(entry);
        if (event.isEmpty()) {
          acks.add(null);
          continue;
        }
        Headers headers = new Headers();
        headers.put(MESSAGE_ID, event.get().eventId());
        headers.put(EXPECTED, Long.toString(expected++));
        headers.put(ENTRY, entry.getID().toString());
        String subject = Names.stored(event.get().itemId());
        acks.add(store.publishAsync(subject, headers, event.get().json()));
      }
    } catch (IOException | IllegalStateException e) {
      // NATS went away in the middle: those that were sent may still be acknowledged.
    }
    return acknowledged(acks);
  }

  private int acknowledged(List<CompletableFuture<PublishAck>> acks) throws InterruptedException {
    long deadlineNs = nanoClock.getAsLong() + ACKNOWLEDGE_BOUND.toNanos();
    int done = 0;
    while (done < acks.size() && (acks.get(done) == null || isStored(acks.get(done), deadlineNs))) {
      done++;
    }
    acks.forEach(
        ack -> {
          if (ack != null) {
            ack.cancel(false); // Frees those that nobody waits for any more.
          }
        });
    return done;
  }

  private boolean isStored(CompletableFuture<PublishAck> ack, long deadlineNs)
      throws InterruptedException {
    try {
      long leftNs = Math.max(0, deadlineNs - nanoClock.getAsLong());
      PublishAck stored = ack.get(leftNs, TimeUnit.NANOSECONDS);
      if (stored.isDuplicate()) {
        metrics.repeated.increment();
      } else {
        metrics.published.increment();
        last = stored.getSeqno();
      }
      return true;
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      if (refusals++ == 0) {
        LOG.warn("JetStream did not take an event, which is published again: {}", e.toString());
      }
      return false;
    }
  }

  private Optional<AuctionEvent> event(StreamEntry entry) {
    Map<String, String> fields = entry.getFields();
    try {
      return Optional.of(
          new AuctionEvent(
              EventKind.of(fields.get("kind")).orElseThrow(IllegalArgumentException::new),
              fields.get("event"),
              fields.get("item"),
              Long.parseLong(fields.get("sequence")),
              fields.get("bid"),
              fields.get("user"),
              Long.parseLong(fields.get("cents")),
              Long.parseLong(fields.get("previous")),
              Long.parseLong(fields.get("s")) * MICROS_OF_S + Long.parseLong(fields.get("us"))));
    } catch (IllegalArgumentException e) {
      metrics.unreadable.increment();
      return Optional.empty();
    }
  }
}
