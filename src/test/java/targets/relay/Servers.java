package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import stack.NatsServer;
import stack.RedisServer;
import stack.Server;
import stack.TargetProcess;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Guarantee;
import targets.shared.Counters;
import targets.shared.RunningTarget;
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

  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final long POLL_NS = 20_000_000;
  static final int CONVERSATIONS = 6;
  private static final int TOKENS = 150;
  private static final long INTERVAL_NS = 10_000_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
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
    threads.shutdownNow();
    closers.forEach(Runnable::run);
    closers.clear();
  }

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

  public Producer producer(Guarantee delivery) {
    return new Producer(redis.url(), delivery);
  }

  Running bridge(Guarantee delivery, String... options) {
    return start(BridgeServer.SPEC, delivery, options);
  }

  Running adapter(Guarantee delivery, String... options) {
    return start(AdapterServer.SPEC, delivery, options);
  }

  /** Starts a bridge or adapter in this process, and waits until it is ready. */
  public Running start(TargetSpec spec, Guarantee delivery, String... options) {
    Running running = startUnready(spec, delivery, options);
    awaitReady(running.url());
    return running;
  }

  Running startUnready(TargetSpec spec, Guarantee delivery, String... options) {
    Target target = spec.start(with(spec.name(), delivery, options));
    closers.push(target::close);
    return new Running(URI.create("http://127.0.0.1:" + target.port()), target);
  }

  /** Starts a bridge in a process of its own; not awaited. */
  TargetProcess bridgeProcess(Guarantee delivery, String... options) {
    return launch(BridgeServer.SPEC.name(), delivery, options);
  }

  /** Starts an adapter in a process of its own; not awaited. */
  TargetProcess adapterProcess(Guarantee delivery, String... options) {
    return launch(AdapterServer.SPEC.name(), delivery, options);
  }

  static void killAndRestart(Server server) {
    server.kill();
    server.restart();
  }

  /** Asserts that durable conversations lose and repeat nothing while something happens. */
  void assertEveryTokenArrivesOnce(String name, Supplier<URI> adapter, Runnable event) {
    int before = count(adapter.get(), "messages_delivered");
    List<CompletableFuture<List<Sse.Event>>> readers = new ArrayList<>();
    List<CompletableFuture<Void>> producers = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      String id = name + "-" + i;
      Runnable publish =
          () -> producer(Guarantee.DURABLE).publishAll(id, 1, TOKENS, TOKENS, INTERVAL_NS);
      readers.add(CompletableFuture.supplyAsync(() -> Sse.readToEnd(adapter, id), threads));
      producers.add(CompletableFuture.runAsync(publish, threads));
    }
    await(adapter.get(), "messages_delivered", now -> now - before > CONVERSATIONS * 20);
    event.run();
    producers.forEach(CompletableFuture::join);
    for (CompletableFuture<List<Sse.Event>> reader : readers) {
      List<Sse.Event> tokens = reader.join();
      assertThat(Sse.sequences(tokens)).isEqualTo(Sse.range(1, TOKENS));
      assertThat(tokens).extracting(Sse.Event::name).containsOnly("token");
    }
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
    return until(() -> LISTENING.matcher(log()).results().findFirst(), Optional::isPresent)
        .map(line -> URI.create(line.group(1)))
        .orElseThrow();
  }

  /** A target in this process. */
  public record Running(URI url, Target target) implements AutoCloseable {
    @Override
    public void close() {
      target.close();
    }
  }

  /** Waits until a condition holds; the test's timeout, which interrupts, bounds it. */
  static void until(BooleanSupplier condition) {
    until(condition::getAsBoolean, holds -> holds);
  }

  /** Reads again and again until a condition holds; returns what was read then. */
  static <T> T until(Supplier<T> read, Predicate<T> condition) {
    T now = read.get();
    while (!condition.test(now)) {
      LockSupport.parkNanos(POLL_NS);
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("the test's time is up");
      }
      now = read.get();
    }
    return now;
  }

  public static void awaitReady(URI target) {
    until(() -> unready(target).isEmpty());
  }

  /** Returns why a target is not ready; empty if it is. */
  static String unready(URI target) {
    try {
      HttpResponse<String> reply =
          RunningTarget.send(HttpRequest.newBuilder(target.resolve("/readyz")));
      return reply.statusCode() == 200 ? "" : reply.body();
    } catch (UncheckedIOException e) {
      return "it does not answer: " + e.getMessage();
    }
  }

  static String text(URI page) {
    return RunningTarget.send(HttpRequest.newBuilder(page)).body();
  }

  static JsonNode metrics(URI target) {
    return RunningTarget.json(text(target.resolve("/metrics")));
  }

  /** Returns a counter by its path, such as {@code ended/done}. */
  static int count(URI target, String counter) {
    return metrics(target).at("/" + counter).asInt();
  }

  static void await(URI target, String counter, IntPredicate wish) {
    until(() -> wish.test(count(target, counter)));
  }

  public static void await(URI target, String counter, int wish) {
    await(target, counter, now -> now == wish);
  }

  private TargetProcess launch(String name, Guarantee delivery, String... options) {
    List<String> words = new ArrayList<>();
    Map<String, String> all = with(name, delivery, options);
    all.remove("port"); // A process takes any free one.
    all.forEach((option, value) -> words.addAll(List.of("--" + option, value)));
    Path log = logOf(processes++);
    TargetProcess process = TargetProcess.launch(new TargetProcess.Spec(name, SMALL, words, log));
    closers.push(process::close);
    return process;
  }

  private Path logOf(int number) {
    return folder.resolve("process-" + number + ".log");
  }

  private Map<String, String> with(String name, Guarantee delivery, String... options) {
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
