package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import targets.shared.Json;

/** Redis and NATS, and the parts of the auction, each a process of its own. */
final class AuctionStack implements AutoCloseable {
  private static final List<String> SMALL =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final Duration READY = Duration.ofSeconds(60);
  private static final long POLL_NS = 20_000_000;

  private final Path folder;
  private final RedisServer redis;
  private final NatsServer nats;
  private final List<TargetProcess> targets = new ArrayList<>();

  private AuctionStack(Path folder) {
    this.folder = folder;
    this.redis = RedisServer.start(folder);
    this.nats = NatsServer.start(folder);
  }

  static AuctionStack start(Path folder) {
    return new AuctionStack(folder);
  }

  RedisServer redis() {
    return redis;
  }

  NatsServer nats() {
    return nats;
  }

  TargetProcess bids(String... more) {
    List<String> options = new ArrayList<>(List.of("--redis", redis.url().toString()));
    options.addAll(List.of(more));
    return launch("bids", options);
  }

  TargetProcess launch(String name, List<String> more) {
    List<String> options = new ArrayList<>(List.of("--nats", nats.url().toString()));
    options.addAll(more);
    Path log = folder.resolve(name + "-" + targets.size() + ".log");
    TargetProcess target =
        TargetProcess.launch(
                new TargetProcess.Spec(name, name, "gauntlet.Main", SMALL, options, log, READY))
            .awaitReady();
    targets.add(target);
    return target;
  }

  /** Every event that JetStream has, in its order. */
  List<AuctionEvent> stored() {
    try {
      Connection connection = Nats.connect(nats.url().toString());
      try {
        return stored(connection.jetStreamManagement());
      } finally {
        connection.close();
      }
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException("JetStream cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<AuctionEvent> stored(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    List<AuctionEvent> events = new ArrayList<>();
    long last = management.getStreamInfo(Names.STORE).getStreamState().getLastSequence();
    for (long position = 1; position <= last; position++) {
      byte[] json = management.getMessage(Names.STORE, position).getData();
      events.add(AuctionEvent.read(json).orElseThrow());
    }
    return events;
  }

  /** Every accepted bid of an item that JetStream has, in its order. */
  List<AuctionEvent> storedBids(String item) {
    return stored().stream()
        .filter(event -> event.itemId().equals(item) && event.kind() == EventKind.BID)
        .toList();
  }

  static JsonNode metrics(URI target) {
    try {
      HttpURLConnection get =
          (HttpURLConnection) target.resolve("/metrics").toURL().openConnection();
      return Json.MAPPER.readTree(get.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for the metrics until they are as wished; the test's time-out bounds it. */
  static JsonNode awaitMetrics(URI target, Predicate<JsonNode> wish) {
    JsonNode metrics = metrics(target);
    while (!wish.test(metrics)) {
      pause();
      metrics = metrics(target);
    }
    return metrics;
  }

  /** Asks until something holds; the test's time-out bounds it. */
  static void await(BooleanSupplier wish) {
    while (!wish.getAsBoolean()) {
      pause();
    }
  }

  /** A test whose time is up is interrupted. */
  private static void pause() {
    LockSupport.parkNanos(POLL_NS);
    if (Thread.interrupted()) {
      throw new IllegalStateException("the test's time is up");
    }
  }

  static int status(URI url) {
    try {
      return ((HttpURLConnection) url.toURL().openConnection()).getResponseCode();
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
