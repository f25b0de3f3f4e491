package targets.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import targets.shared.Json;

/** The whole relay: Redis, NATS, a bridge and an adapter, each a process of its own. */
final class Chain implements AutoCloseable {
  private static final List<String> SMALL =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final Duration READY = Duration.ofSeconds(60);
  private static final long POLL_NS = 20_000_000;

  private final Path folder;
  private final Delivery delivery;
  private final String bridgeDefect;
  private final String adapterDefect;
  private final RedisServer redis;
  private final NatsServer nats;
  private int started;
  private volatile TargetProcess bridge;
  private volatile TargetProcess adapter;

  private Chain(Path folder, Delivery delivery, String bridgeDefect, String adapterDefect) {
    this.folder = folder;
    this.bridgeDefect = bridgeDefect;
    this.adapterDefect = adapterDefect;
    this.delivery = delivery;
    this.redis = RedisServer.start(folder);
    this.nats = NatsServer.start(folder);
  }

  static Chain start(Path folder, Delivery delivery) {
    return start(folder, delivery, "", "");
  }

  /** With planted mistakes. */
  static Chain start(Path folder, Delivery delivery, String bridgeDefect, String adapterDefect) {
    Chain chain = new Chain(folder, delivery, bridgeDefect, adapterDefect);
    chain.bridge = chain.launchBridge();
    chain.adapter = chain.launchAdapter();
    chain.bridge.awaitReady();
    chain.adapter.awaitReady();
    return chain;
  }

  RedisServer redis() {
    return redis;
  }

  NatsServer nats() {
    return nats;
  }

  TargetProcess bridge() {
    return bridge;
  }

  TargetProcess adapter() {
    return adapter;
  }

  Producer producer() {
    return new Producer(redis.url(), delivery);
  }

  /** Another bridge in the place of one that is gone. */
  void startBridge() {
    bridge = launchBridge().awaitReady();
  }

  /** Another adapter in the place of one that is gone; at another port. */
  void startAdapter() {
    adapter = launchAdapter().awaitReady();
  }

  private TargetProcess launchBridge() {
    return launch(
        "relay-bridge", List.of("--redis", redis.url().toString(), "--defect", bridgeDefect));
  }

  private TargetProcess launchAdapter() {
    return launch("relay-adapter", List.of("--defect", adapterDefect));
  }

  private TargetProcess launch(String name, List<String> more) {
    List<String> options = new ArrayList<>(List.of("--nats", nats.url().toString()));
    options.addAll(List.of("--delivery", delivery.word(), "--drain", "1s"));
    options.addAll(more);
    Path log = folder.resolve(name + "-" + started++ + ".log");
    return TargetProcess.launch(
        new TargetProcess.Spec(name, name, "gauntlet.Main", SMALL, options, log, READY));
  }

  /**
   * Reads a conversation to its end like a browser: whenever the connection breaks, it connects
   * again and says what it has.
   */
  List<Sse.Event> readToEnd(String id) {
    List<Sse.Event> tokens = new ArrayList<>();
    while (tokens.isEmpty() || !tokens.get(tokens.size() - 1).json().get("done").asBoolean()) {
      long last = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).sequence();
      try (Sse sse = Sse.open(adapter.url(), id, last)) {
        for (Sse.Event event = sse.next(); event != null; event = sse.next()) {
          if (!event.id().isEmpty()) {
            tokens.add(event);
          }
        }
      } catch (IOException e) {
        pause();
      }
    }
    return tokens;
  }

  /** A moment between two looks; ends the waiting when the test's time is up. */
  static void pause() {
    LockSupport.parkNanos(POLL_NS);
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("waited in vain, until the test's time was up");
    }
  }

  /** Waits until a target answers that it is ready. */
  static void awaitReady(URI target) throws IOException {
    int status = 0;
    while (status != HttpURLConnection.HTTP_OK) {
      pause();
      status =
          ((HttpURLConnection) target.resolve("/readyz").toURL().openConnection())
              .getResponseCode();
    }
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

  @Override
  public void close() {
    adapter.close();
    bridge.close();
    nats.close();
    redis.close();
  }
}
