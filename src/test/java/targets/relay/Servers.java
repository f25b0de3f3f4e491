package targets.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Delivery;
import targets.shared.Json;
import targets.shared.Target;
import targets.shared.TargetSpec;

/**
 * Redis and NATS for many tests, each of which starts the bridges and adapters that it needs: in
 * this process, or in one of their own where one is killed or its log read.
 */
public final class Servers implements AutoCloseable {
  /** Less heap than the largest conversation of a test takes. */
  private static final List<String> SMALL =
      List.of("-Xmx40m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final long POLL_NS = 20_000_000;

  private final Path folder;
  private final RedisServer redis;
  private final NatsServer nats;
  private int started;

  public Servers(Path folder) {
    this.folder = folder;
    this.redis = RedisServer.start(folder);
    this.nats = NatsServer.start(folder);
  }

  public RedisServer redis() {
    return redis;
  }

  public NatsServer nats() {
    return nats;
  }

  public Producer producer(Delivery delivery) {
    return new Producer(redis.url(), delivery);
  }

  /** An honest bridge in this process, ready. */
  Running bridge(Delivery delivery, String... options) {
    return start(BridgeServer.SPEC, delivery, options);
  }

  /** An honest adapter in this process, ready. */
  Running adapter(Delivery delivery, String... options) {
    return start(AdapterServer.SPEC, delivery, options);
  }

  /** A bridge or adapter in this process, ready. */
  public Running start(TargetSpec spec, Delivery delivery, String... options) {
    return Running.ready(spec.start(with(spec.name(), delivery, options)));
  }

  /** A bridge in a process of its own; not awaited. */
  TargetProcess bridgeProcess(Delivery delivery, String... options) {
    return launch(BridgeServer.SPEC.name(), delivery, options);
  }

  /** An adapter in a process of its own; not awaited. */
  TargetProcess adapterProcess(Delivery delivery, String... options) {
    return launch(AdapterServer.SPEC.name(), delivery, options);
  }

  /** The log of the process that was started last. */
  String log() {
    try {
      return Files.readString(logOf(started - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of the process that was started last, ready or not. */
  URI address() {
    Matcher line = LISTENING.matcher(log());
    while (!line.find()) {
      pause();
      line = LISTENING.matcher(log());
    }
    return URI.create(line.group(1));
  }

  /** A target in this process. */
  public record Running(Target target) implements AutoCloseable {
    static Running ready(Target target) {
      Running running = new Running(target);
      awaitReady(running.url());
      return running;
    }

    public URI url() {
      return URI.create("http://127.0.0.1:" + target.port());
    }

    @Override
    public void close() {
      target.close();
    }
  }

  /** A moment between two looks; ends the waiting when the test's time is up. */
  static void pause() {
    LockSupport.parkNanos(POLL_NS);
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("the test's time is up");
    }
  }

  /** Waits until a target reports that it is ready. */
  public static void awaitReady(URI target) {
    while (!unready(target).isEmpty()) {
      pause();
    }
  }

  /** Why a target is not ready; empty if it is. */
  static String unready(URI target) {
    try {
      HttpURLConnection get =
          (HttpURLConnection) target.resolve("/readyz").toURL().openConnection();
      return get.getResponseCode() == HttpURLConnection.HTTP_OK
          ? ""
          : new String(get.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "it does not answer: " + e.getMessage();
    }
  }

  public static JsonNode metrics(URI target) {
    try {
      HttpURLConnection get =
          (HttpURLConnection) target.resolve("/metrics").toURL().openConnection();
      return Json.MAPPER.readTree(get.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the metrics until they are as wished; the test's time-out bounds it. */
  public static JsonNode awaitMetrics(URI target, Predicate<JsonNode> wish) {
    JsonNode metrics = metrics(target);
    while (!wish.test(metrics)) {
      pause();
      metrics = metrics(target);
    }
    return metrics;
  }

  /** Waits until a counter of a target is exactly as wished. */
  public static void await(URI target, String counter, int wish) {
    awaitMetrics(target, now -> now.at("/" + counter).asInt() == wish);
  }

  private TargetProcess launch(String name, Delivery delivery, String... options) {
    List<String> words = new ArrayList<>();
    Map<String, String> all = with(name, delivery, options);
    all.remove("port"); // A process takes any free one.
    all.forEach((option, value) -> words.addAll(List.of("--" + option, value)));
    Path log = logOf(started++);
    return TargetProcess.launch(
        new TargetProcess.Spec(name, name, "gauntlet.Main", SMALL, words, log, READY));
  }

  private Path logOf(int number) {
    return folder.resolve("process-" + number + ".log");
  }

  private Map<String, String> with(String name, Delivery delivery, String... options) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("port", "0");
    all.put("delivery", delivery.word());
    all.put("nats", nats.url().toString());
    if (name.equals(BridgeServer.SPEC.name())) {
      all.put("redis", redis.url().toString());
    }
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return all;
  }

  @Override
  public void close() {
    nats.close();
    redis.close();
  }
}
