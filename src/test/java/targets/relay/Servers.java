package targets.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import targets.shared.Target;

/**
 * Redis and NATS for many tests, each of which starts the bridges and adapters that it needs: in
 * this process, or in one of their own where one is to be killed or its output read.
 */
final class Servers implements AutoCloseable {
  /** Less heap than the largest conversation of a test takes. */
  private static final List<String> SMALL =
      List.of("-Xmx40m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");

  private final Path folder;
  private final RedisServer redis;
  private final NatsServer nats;
  private int started;

  Servers(Path folder) {
    this.folder = folder;
    this.redis = RedisServer.start(folder);
    this.nats = NatsServer.start(folder);
  }

  RedisServer redis() {
    return redis;
  }

  NatsServer nats() {
    return nats;
  }

  Producer producer(Delivery delivery) {
    return new Producer(redis.url(), delivery);
  }

  /** A bridge in this process, ready. */
  Running bridge(Delivery delivery, String... options) {
    return ready(BridgeServer.SPEC.start(with(true, delivery, options)));
  }

  /** An adapter in this process, ready. */
  Running adapter(Delivery delivery, String... options) {
    return ready(AdapterServer.SPEC.start(with(false, delivery, options)));
  }

  /** A bridge in a process of its own; not waited for. */
  TargetProcess bridgeProcess(Delivery delivery, String... options) {
    return launch("relay-bridge", with(true, delivery, options));
  }

  /** An adapter in a process of its own; not waited for. */
  TargetProcess adapterProcess(Delivery delivery, String... options) {
    return launch("relay-adapter", with(false, delivery, options));
  }

  /** What the process that was started last has printed. */
  String log() {
    try {
      return Files.readString(logOf(started - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the process that was started last listens, be it ready or not. */
  URI address() {
    Matcher said = LISTENING.matcher(log());
    while (!said.find()) {
      Chain.pause();
      said = LISTENING.matcher(log());
    }
    return URI.create(said.group(1));
  }

  /** A target in this process. */
  record Running(Target target) implements AutoCloseable {
    URI url() {
      return URI.create("http://127.0.0.1:" + target.port());
    }

    @Override
    public void close() {
      target.close();
    }
  }

  private static Running ready(Target target) {
    Running running = new Running(target);
    try {
      Chain.awaitReady(running.url());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return running;
  }

  private TargetProcess launch(String name, Map<String, String> options) {
    List<String> words = new ArrayList<>();
    options.forEach((option, value) -> words.addAll(List.of("--" + option, value)));
    words.subList(0, 2).clear(); // The port: a process takes any free one.
    Path log = logOf(started++);
    return TargetProcess.launch(
        new TargetProcess.Spec(name, name, "gauntlet.Main", SMALL, words, log, READY));
  }

  private Path logOf(int number) {
    return folder.resolve("process-" + number + ".log");
  }

  private Map<String, String> with(boolean bridge, Delivery delivery, String... options) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("port", "0");
    all.put("delivery", delivery.word());
    all.put("nats", nats.url().toString());
    if (bridge) {
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
