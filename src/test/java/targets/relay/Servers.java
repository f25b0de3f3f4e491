package targets.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Delivery;
import targets.shared.Counters;
import targets.shared.Json;
import targets.shared.Target;
import targets.shared.TargetSpec;

/**
 * Redis and NATS for the tests of a class, which start the bridges and adapters that they need: in
 * this process, or in one of their own where one is killed or its log read. All end with the class.
 */
public final class Servers implements BeforeAllCallback, AfterAllCallback {
  /** Less heap than the largest conversation of a test takes. */
  private static final List<String> SMALL =
      List.of("-Xmx40m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final long POLL_NS = 20_000_000;

  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final boolean hasLeaf;
  private Path folder;
  private RedisServer redis;
  private NatsServer nats;
  private NatsServer leaf;
  private int processes;

  public Servers() {
    this(false);
  }

  /**
   * @param hasLeaf whether the adapters are at a leaf node of the bridges' NATS
   */
  Servers(boolean hasLeaf) {
    this.hasLeaf = hasLeaf;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory(Files.createDirectories(Path.of("target/relay")), "test");
    redis = RedisServer.start(folder);
    closers.push(redis::discard);
    nats = hasLeaf ? NatsServer.hub(folder) : NatsServer.start(folder);
    closers.push(nats::discard);
    leaf = nats;
    if (hasLeaf) {
      leaf = NatsServer.leaf(folder, nats);
      closers.push(leaf::discard);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    closers.forEach(Runnable::run);
    closers.clear();
  }

  /** Returns the folder with configurations and logs. */
  Path folder() {
    return folder;
  }

  public RedisServer redis() {
    return redis;
  }

  public NatsServer nats() {
    return nats;
  }

  NatsServer leaf() {
    return leaf;
  }

  public Producer producer(Delivery delivery) {
    return new Producer(redis.url(), delivery);
  }

  /** Starts an honest bridge in this process, and waits until it is ready. */
  Running bridge(Delivery delivery, String... options) {
    return start(BridgeServer.SPEC, delivery, options);
  }

  /** Starts an honest adapter in this process, and waits until it is ready. */
  Running adapter(Delivery delivery, String... options) {
    return start(AdapterServer.SPEC, delivery, options);
  }

  /** Starts a bridge or adapter in this process, and waits until it is ready. */
  public Running start(TargetSpec spec, Delivery delivery, String... options) {
    Running running = startUnready(spec, delivery, options);
    awaitReady(running.url());
    return running;
  }

  Running startUnready(TargetSpec spec, Delivery delivery, String... options) {
    Running running = new Running(spec.start(with(spec.name(), delivery, options)));
    closers.push(running::close);
    return running;
  }

  /** Starts a bridge in a process of its own; not awaited. */
  TargetProcess bridgeProcess(Delivery delivery, String... options) {
    return launch(BridgeServer.SPEC.name(), delivery, options);
  }

  /** Starts an adapter in a process of its own; not awaited. */
  TargetProcess adapterProcess(Delivery delivery, String... options) {
    return launch(AdapterServer.SPEC.name(), delivery, options);
  }

  /** Returns the log of the process that was started last. */
  String log() {
    try {
      return Files.readString(logOf(processes - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the address of the process that was started last, ready or not. */
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
    public URI url() {
      return URI.create("http://127.0.0.1:" + target.port());
    }

    @Override
    public void close() {
      target.close();
    }
  }

  /** Waits for a moment; ends the waiting when the test's time is up. */
  static void pause() {
    LockSupport.parkNanos(POLL_NS);
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("the test's time is up");
    }
  }

  public static void awaitReady(URI target) {
    while (!unready(target).isEmpty()) {
      pause();
    }
  }

  /** Returns why a target is not ready; empty if it is. */
  static String unready(URI target) {
    try {
      HttpURLConnection get =
          (HttpURLConnection) target.resolve("/readyz").toURL().openConnection();
      return get.getResponseCode() == HttpURLConnection.HTTP_OK
          ? ""
          : new String(get.getErrorStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      return "it does not answer: " + e.getMessage();
    }
  }

  static JsonNode metrics(URI target) {
    try {
      return Json.MAPPER.readTree(target.resolve("/metrics").toURL().openStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a counter by its path, such as {@code ended/done}. */
  static int count(URI target, String counter) {
    return metrics(target).at("/" + counter).asInt();
  }

  /** Waits until a counter is as wished; the test's time-out bounds it. */
  static void await(URI target, String counter, Predicate<Integer> wish) {
    while (!wish.test(count(target, counter))) {
      pause();
    }
  }

  /** Waits until a counter has exactly one value. */
  public static void await(URI target, String counter, int wish) {
    await(target, counter, now -> now == wish);
  }

  private TargetProcess launch(String name, Delivery delivery, String... options) {
    List<String> words = new ArrayList<>();
    Map<String, String> all = with(name, delivery, options);
    all.remove("port"); // A process takes any free one.
    all.forEach((option, value) -> words.addAll(List.of("--" + option, value)));
    Path log = logOf(processes++);
    TargetProcess process =
        TargetProcess.launch(
            new TargetProcess.Spec(name, name, "gauntlet.Main", SMALL, words, log, READY));
    closers.push(process::close);
    return process;
  }

  private Path logOf(int number) {
    return folder.resolve("process-" + number + ".log");
  }

  private Map<String, String> with(String name, Delivery delivery, String... options) {
    boolean isBridge = name.equals(BridgeServer.SPEC.name());
    Map<String, String> all = new LinkedHashMap<>();
    all.put("port", "0");
    all.put("delivery", Counters.label(delivery));
    all.put("nats", (isBridge ? nats : leaf).url().toString());
    if (isBridge) {
      all.put("redis", redis.url().toString());
    }
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return all;
  }
}
