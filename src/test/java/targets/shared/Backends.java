package targets.shared;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import stack.NatsServer;
import stack.RedisServer;
import stack.Server;
import stack.TargetProcess;
import testing.Await;

/** Redis and NATS for the tests of a class, and the targets on them. All end with the class. */
public class Backends implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final Function<Path, NatsServer> startNats;
  private final List<String> jvmOptions;
  private Path folder;
  private RedisServer redis;
  private NatsServer nats;
  private int processes;

  /**
   * @param heap of each process, such as 40m
   */
  public Backends(String heap, Function<Path, NatsServer> startNats) {
    this.startNats = startNats;
    this.jvmOptions = List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  /** Starts Redis and NATS. */
  public void start() {
    try {
      folder = Files.createDirectories(Path.of("target/backends"));
      folder = Files.createTempDirectory(folder, "test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    redis = started(RedisServer.start(folder));
    nats = started(startNats.apply(folder));
  }

  @Override
  public final void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public final void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
    closers.clear();
  }

  /** Registers a server that ends with the class. */
  protected final <S extends Server> S started(S server) {
    closers.push(server::discard);
    return server;
  }

  public final Path folder() {
    return folder;
  }

  public final RedisServer redis() {
    return redis;
  }

  public final NatsServer nats() {
    return nats;
  }

  /** Starts a target in this process; not awaited. */
  public final RunningTarget inProcess(TargetSpec spec, List<String> settings) {
    RunningTarget target = new RunningTarget(spec, settings.toArray(String[]::new));
    closers.push(target::close);
    return target;
  }

  /**
   * Starts a target in a process of its own; not awaited.
   *
   * @param settings {@code name=value}; later ones win
   */
  public final TargetProcess launch(String name, List<String> settings) {
    Map<String, String> options = new LinkedHashMap<>();
    settings.forEach(each -> options.put(each.replaceFirst("=.*", ""), "--" + each));
    Path log = log(processes++);
    var spec = new TargetProcess.Spec(name, jvmOptions, List.copyOf(options.values()), log);
    TargetProcess process = TargetProcess.launch(spec);
    closers.push(process::close);
    return process;
  }

  /** Returns the log of the process that was launched last. */
  public final String log() {
    try {
      return Files.readString(log(processes - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log(int process) {
    return folder.resolve("process-" + process + ".log");
  }

  /** What a test does with JetStream. */
  @FunctionalInterface
  public interface JetStreamUse<T> {
    T of(JetStreamManagement management) throws IOException, JetStreamApiException;
  }

  /** Uses JetStream on a connection of its own. */
  @SuppressWarnings("try") // The connection's close() may be interrupted; then the test fails.
  public final <T> T jetStream(JetStreamUse<T> use) {
    try (Connection connection = Nats.connect(nats.url().toString())) {
      return use.of(connection.jetStreamManagement());
    } catch (IOException | JetStreamApiException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void killAndRestart(Server server) {
    server.kill();
    server.restart();
  }

  public static void awaitReady(URI target) {
    Await.until(() -> unready(target), String::isEmpty);
  }

  /** Returns why a target is not ready; empty if it is. */
  public static String unready(URI target) {
    try {
      HttpResponse<String> reply =
          RunningTarget.send(HttpRequest.newBuilder(target.resolve("/readyz")));
      return reply.statusCode() == 200 ? "" : reply.body();
    } catch (UncheckedIOException e) {
      return "it does not answer: " + e.getMessage();
    }
  }

  public static String text(URI page) {
    return RunningTarget.send(HttpRequest.newBuilder(page)).body();
  }

  public static JsonNode metrics(URI target) {
    return RunningTarget.json(text(target.resolve("/metrics")));
  }

  /** Returns a counter by its path, such as {@code ended/done}. */
  public static int count(URI target, String counter) {
    return metrics(target).at("/" + counter).asInt();
  }

  public static void await(URI target, String counter, IntPredicate wish) {
    Await.until(() -> count(target, counter), wish::test);
  }

  public static void await(URI target, String counter, int wish) {
    await(target, counter, now -> now == wish);
  }
}
