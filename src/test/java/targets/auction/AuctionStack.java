package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import targets.shared.Json;

/** Redis and NATS, and the services of the auction, each in a process of its own. */
final class AuctionStack implements AutoCloseable {
  private static final List<String> SMALL =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final Duration READY = Duration.ofSeconds(60);
  private static final long POLL_NS = 20_000_000;

  final RedisServer redis;
  final NatsServer nats;
  private final Path folder;
  private final List<TargetProcess> targets = new ArrayList<>();

  AuctionStack(Path folder) {
    this.folder = folder;
    this.redis = RedisServer.start(folder);
    this.nats = NatsServer.start(folder);
  }

  TargetProcess bids(String... more) {
    List<String> options = new ArrayList<>(List.of("--redis", redis.url().toString()));
    options.addAll(List.of(more));
    return launch("bids", options.toArray(String[]::new));
  }

  TargetProcess launch(String name, String... more) {
    List<String> options = new ArrayList<>(List.of("--nats", nats.url().toString()));
    options.addAll(List.of(more));
    Path log = folder.resolve(name + "-" + targets.size() + ".log");
    TargetProcess target =
        TargetProcess.launch(
                new TargetProcess.Spec(name, name, "gauntlet.Main", SMALL, options, log, READY))
            .awaitReady();
    targets.add(target);
    return target;
  }

  /** Returns an item's events in JetStream, in its order. */
  List<AuctionEvent> stored(String item) {
    List<AuctionEvent> events = new ArrayList<>();
    withNats(
        connection -> {
          JetStreamManagement management = connection.jetStreamManagement();
          long last = management.getStreamInfo(Names.STORE).getStreamState().getLastSequence();
          for (long position = 1; position <= last; position++) {
            AuctionEvent.read(management.getMessage(Names.STORE, position).getData())
                .filter(event -> event.itemId().equals(item))
                .ifPresent(events::add);
          }
        });
    return events;
  }

  /** Stores messages as an item's events. */
  void publish(String item, byte[]... bodies) {
    withNats(
        connection -> {
          for (byte[] body : bodies) {
            connection.jetStream().publish(Names.stored(item), body);
          }
        });
  }

  private interface Task {
    void accept(Connection connection) throws IOException, JetStreamApiException;
  }

  private void withNats(Task task) {
    try {
      Connection connection = Nats.connect(nats.url().toString());
      try {
        task.accept(connection);
      } finally {
        connection.close();
      }
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException("JetStream does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns an item's accepted bids in JetStream, once it has the event of this sequence. */
  List<AuctionEvent> awaitBids(String item, long sequence) {
    await(() -> stored(item).stream().anyMatch(event -> event.sequence() == sequence));
    return stored(item).stream().filter(event -> event.kind() == AuctionEvent.Kind.BID).toList();
  }

  static JsonNode json(TargetProcess target, String path) {
    try (InputStream reply = target.url().resolve(path).toURL().openStream()) {
      return Json.MAPPER.readTree(reply);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Polls until a condition holds; the test's timeout, which interrupts, bounds it. */
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(POLL_NS);
      if (Thread.interrupted()) {
        throw new IllegalStateException("the test timed out");
      }
    }
  }

  /** Returns the status of a GET; 0 without a reply. */
  static int status(TargetProcess target, String path) {
    try {
      URL url = target.url().resolve(path).toURL();
      return ((HttpURLConnection) url.openConnection()).getResponseCode();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    targets.forEach(TargetProcess::close);
    nats.close();
    redis.close();
  }
}
