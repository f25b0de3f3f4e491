package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import stack.NatsServer;
import stack.RedisServer;
import targets.auction.bid.BidServer;
import targets.shared.JdkClient;
import targets.shared.RunningTarget;

/** Redis and NATS, and what JetStream and viewers have of the auction. */
final class AuctionStack implements AutoCloseable {
  private static final long POLL_NS = 20_000_000;

  final RedisServer redis;
  final NatsServer nats;

  AuctionStack(Path folder) {
    this.redis = RedisServer.start(folder);
    this.nats = NatsServer.start(folder);
  }

  /** Starts a bid service in this process. */
  RunningTarget bids(String... more) {
    Stream<String> servers = Stream.of("redis=" + redis.url(), "nats=" + nats.url());
    return new RunningTarget(
        BidServer.SPEC, Stream.concat(servers, Stream.of(more)).toArray(String[]::new));
  }

  /** Returns an item's events in JetStream, in its order. */
  List<AuctionEvent> stored(String item) throws Exception {
    List<AuctionEvent> events = new ArrayList<>();
    Connection connection = Nats.connect(nats.url().toString());
    try {
      JetStreamManagement management = connection.jetStreamManagement();
      long last = management.getStreamInfo(Names.STORE).getStreamState().getLastSequence();
      for (long position = 1; position <= last; position++) {
        AuctionEvent.read(management.getMessage(Names.STORE, position).getData())
            .filter(event -> event.itemId().equals(item))
            .ifPresent(events::add);
      }
    } finally {
      connection.close();
    }
    return events;
  }

  /** Stores messages as an item's events. */
  void publish(String item, byte[]... bodies) throws Exception {
    Connection connection = Nats.connect(nats.url().toString());
    try {
      for (byte[] body : bodies) {
        connection.jetStream().publish(Names.stored(item), body);
      }
    } finally {
      connection.close();
    }
  }

  /** Returns an item's accepted bids in JetStream, once it has the event of this sequence. */
  List<AuctionEvent> awaitBids(String item, long sequence) throws Exception {
    await(() -> stored(item).stream().anyMatch(event -> event.sequence() == sequence));
    return stored(item).stream().filter(event -> event.kind() == AuctionEvent.Kind.BID).toList();
  }

  /** Reads a viewer's messages up to a sequence; returns the sequences, from the state on. */
  static List<Long> sequences(JdkClient viewer, long last) {
    List<Long> sequences = new ArrayList<>();
    while (sequences.isEmpty() || sequences.get(sequences.size() - 1) != last) {
      JsonNode message = viewer.next();
      if (!message.get("type").asText().equals("connected")) {
        sequences.add(message.path("sequence").asLong());
      }
    }
    return sequences;
  }

  /** Polls until a condition holds; the test's timeout, which interrupts, bounds it. */
  static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      LockSupport.parkNanos(POLL_NS);
      if (Thread.interrupted()) {
        throw new IllegalStateException("the test timed out");
      }
    }
  }

  @Override
  public void close() {
    nats.close();
    redis.close();
  }
}
