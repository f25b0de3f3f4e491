package bench.relay;

import bench.Meter;
import bench.Stage;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import kpi.MetricsSource;
import stack.HealthProbe;
import stack.NatsServer;
import stack.RedisServer;
import stack.StackFailure;
import stack.TargetProcess;

/** The processes of one lane, each of them new. */
final class Chain implements AutoCloseable {
  static final String REDIS = "redis";
  static final String NATS = "nats";
  static final String BRIDGE = "bridge";
  static final String ADAPTER = "adapter";

  private static final int READY_LOOKS = 300;
  private static final long LOOK_MS = 100;

  private final LaneKind kind;
  private final Stage stage;
  private final Map<String, Long> pids = new LinkedHashMap<>();
  private final List<String> versions = new ArrayList<>();
  private final List<TargetProcess> targets = new ArrayList<>();
  private final RedisServer redis;
  private final URI end;

  private Chain(LaneKind kind, RelaySettings settings, Path folder) {
    this.kind = kind;
    this.stage = new Stage(settings.readyWithin(), folder);
    try {
      redis = RedisServer.start(stage.folder());
      stage.own(redis::discard);
      pids.put(REDIS, redis.pid());
      versions.add(redis.version());
      end = kind.hasBridge() ? behindRedis(settings) : redis.url();
    } catch (StackFailure e) {
      stage.close();
      throw e;
    }
  }

  /**
   * Starts what a lane needs; returns when all of it is ready.
   *
   * @param folder takes logs and data; data is deleted at the end
   * @throws StackFailure if a process cannot be had; then none is left
   */
  static Chain start(LaneKind kind, RelaySettings settings, Path folder) {
    Chain chain = new Chain(kind, settings, folder);
    chain.awaitReady();
    return chain;
  }

  /** Starts the rest of the chain and tells its last address. */
  private URI behindRedis(RelaySettings settings) {
    NatsServer nats = NatsServer.start(stage.folder());
    stage.own(nats::discard);
    pids.put(NATS, nats.pid());
    versions.add(nats.version());
    List<String> common = new ArrayList<>();
    common.addAll(List.of("--nats", nats.url().toString()));
    common.addAll(List.of("--delivery", kind == LaneKind.DURABLE ? "durable" : "core"));
    List<String> bridge = new ArrayList<>(common);
    bridge.addAll(List.of("--redis", redis.url().toString()));
    target(settings, BRIDGE, bridge);
    if (!kind.hasAdapter()) {
      return nats.url();
    }
    List<String> adapter = new ArrayList<>(common);
    // An idle stream may wait long for its first token.
    Duration first = Duration.ofSeconds(60).plus(settings.every().multipliedBy(2));
    adapter.addAll(List.of("--first-token", first.toMillis() + "ms"));
    return target(settings, ADAPTER, adapter).url();
  }

  private TargetProcess target(RelaySettings settings, String process, List<String> options) {
    TargetProcess target =
        stage.target("relay-" + process, process, settings.jvmOptions(), options);
    targets.add(target);
    pids.put(process, target.pid());
    return target;
  }

  /** What opens the ears at its end. */
  Ear.Opening ears(LongSupplier nanoClock) {
    return switch (kind) {
      case REDIS -> RedisEar.of(end, nanoClock);
      case NATS -> NatsEar.of(end, nanoClock);
      case CORE, DURABLE -> SseEar.of(end, nanoClock);
    };
  }

  LaneKind kind() {
    return kind;
  }

  URI redisUrl() {
    return redis.url();
  }

  /** The bridge's or the adapter's process. */
  TargetProcess target(String process) {
    return targets.stream()
        .filter(target -> target.name().equals(process))
        .findFirst()
        .orElseThrow(() -> new StackFailure("the lane " + kind.word() + " has no " + process));
  }

  /** What carries the tokens, in its own words. */
  List<String> versions() {
    return versions;
  }

  /**
   * Waits until bridge and adapter are ready: an overload may have cost them a connection.
   *
   * @throws StackFailure if that takes longer than 30 s
   */
  void awaitReady() {
    for (int look = 0; look < READY_LOOKS; look++) {
      if (targets.stream().allMatch(target -> HealthProbe.isHealthy(target.url()))) {
        return;
      }
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackFailure("interrupted while waiting for the relay", e);
      }
    }
    throw new StackFailure("the relay did not get ready again; see the logs in " + stage.folder());
  }

  /** Reads what a step costs bridge, adapter and servers. */
  Meter meter(LongSupplier nanoClock) {
    return new Meter(() -> Meter.cpuS(pids), this::counted, nanoClock);
  }

  /**
   * What bridge and adapter count as not passed on, or as streams that they ended themselves; none
   * of a target that does not answer.
   */
  private Map<String, Long> counted() {
    Map<String, Long> counted = new LinkedHashMap<>();
    for (TargetProcess target : targets) {
      String process = target.name();
      JsonNode metrics = MetricsSource.at(process, target.url().resolve("/metrics")).read().join();
      for (String group : List.of("troubles", "ended")) {
        for (var each : metrics.path(group).properties()) {
          counted.put(process + " " + group + "." + each.getKey(), each.getValue().asLong());
        }
      }
      counted.put(process + " tokens_missing", metrics.path("tokens_missing").asLong());
    }
    // How a stream should end.
    counted.remove(ADAPTER + " ended.done");
    return counted;
  }

  @Override
  public void close() {
    stage.close();
  }
}
