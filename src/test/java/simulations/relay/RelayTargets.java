package simulations.relay;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import redis.clients.jedis.exceptions.JedisException;
import simulations.relay.RelaySettings.Mode;
import simulations.run.Access;
import simulations.run.Audit;
import simulations.run.Checks.Finding;
import simulations.run.Clock;
import simulations.run.Console;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.TargetCounters;
import stack.External;
import stack.NatsServer;
import stack.RedisServer;
import stack.StackFailure;
import stack.TargetProcess;
import verdict.Numbers;

/**
 * The relay under load, its Redis and its NATS.
 *
 * @param redis to which tokens are published; empty if it is not known here
 * @param url of the adapter
 * @param bridge counters of the bridge; empty if its address is not known
 * @param clock of this process, with its offset from Redis's where two processes are compared
 * @param oneHost whether all hops are on this host
 */
public record RelayTargets(
    Optional<URI> redis,
    URI url,
    Optional<TargetCounters> bridge,
    TargetCounters adapter,
    Optional<Outage> outage,
    Clock clock,
    boolean oneHost) {
  private static final String BRIDGE = "bridge";
  private static final String ADAPTER = "adapter";

  /**
   * Stops NATS when the load is over, and starts it again: a target that cannot work without it
   * must report that it is not ready, and recover by itself.
   */
  record Outage(NatsServer nats, Map<String, TargetProcess> targets) {
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** Takes some seconds. */
    Finding find() {
      List<String> wrong = new ArrayList<>();
      try {
        nats.kill();
        expect(false, " went on reporting that it is ready", wrong);
        nats.restart();
        expect(true, " did not become ready again", wrong);
      } catch (StackFailure e) {
        wrong.add(e.getMessage());
      }
      String words = wrong.isEmpty() ? "shown" : String.join(", ", wrong);
      return Finding.of(
          wrong.isEmpty(),
          words,
          "not ready within 10 s, and ready again",
          "While NATS was away the relay reported that it is not ready, and recovered by itself.",
          "NATS was stopped after the load, and " + words + ".");
    }

    private void expect(boolean ready, String otherwise, List<String> wrong) {
      targets.forEach(
          (name, target) -> {
            if (!Audit.until(BOUND, () -> target.isReady() == ready)) {
              wrong.add(name + otherwise);
            }
          });
    }
  }

  /** Starts the bundled relay with its servers, or reaches the user's own; awaits consumers. */
  public static RelayTargets prepare(RelaySettings settings, Run run) {
    Service service = settings.service();
    service.sseUrl().ifPresent(url -> Access.reach("-Dsse.url", url));
    service.redisUrl().ifPresent(url -> External.redis("-Dredis.url", url));
    service.natsUrl().ifPresent(url -> External.nats("-Dnats.url", url));
    RelayTargets targets =
        service.sseUrl().isPresent() ? reach(settings, run) : start(settings, run);
    if (settings.mode() == Mode.PRODUCER) {
      targets.awaitConsumers(settings);
    }
    return targets;
  }

  long openStreams() {
    return adapter.value("/active_connections");
  }

  private static RelayTargets start(RelaySettings settings, Run run) {
    Service service = settings.service();
    RunProcesses processes = run.processes();
    Path logs = run.logs();
    String redis =
        service.redisUrl().orElseGet(() -> processes.own(RedisServer.start(logs)).url().toString());
    Optional<NatsServer> nats =
        service.natsUrl().isPresent()
            ? Optional.empty()
            : Optional.of(nats(service, processes, logs));
    Optional<NatsServer> leaf =
        nats.filter(any -> service.natsLeaf())
            .map(hub -> processes.own(NatsServer.leaf(logs, hub)));
    if (settings.mode() == Mode.PRODUCER || service.redisUrl().isPresent() || nats.isEmpty()) {
      processes.reachesOut();
    }
    String natsUrl = nats.map(server -> server.url().toString()).or(service::natsUrl).orElseThrow();
    String delivery = settings.delivery().word();
    String natsOfAdapter = leaf.map(server -> server.url().toString()).orElse(natsUrl);
    String replicas = Integer.toString(service.natsCluster() ? NatsServer.NODES : 1);
    String[] options = {
      "--nats",
      processes.via("bridge-nats", natsUrl),
      "--redis",
      processes.via("bridge-redis", redis),
      "--delivery",
      delivery,
      "--replicas",
      replicas
    };
    TargetProcess bridge =
        processes.launch("relay-bridge", BRIDGE, service.bridgeDefect(), options);
    List<String> all = new ArrayList<>(List.of("--delivery", delivery, "--replicas", replicas));
    all.addAll(List.of("--nats", processes.via("adapter-nats", natsOfAdapter)));
    if (leaf.isPresent() && settings.isDurable()) {
      all.addAll(List.of("--nats-domain", "hub"));
    }
    String[] ofAdapter = all.toArray(String[]::new);
    TargetProcess adapter =
        processes.launch("relay-adapter", ADAPTER, service.adapterDefect(), ofAdapter);
    bridge.awaitReady();
    adapter.awaitReady();
    Optional<URI> redisUrl = Optional.of(URI.create(redis));
    Map<String, TargetProcess> both = new TreeMap<>(Map.of(BRIDGE, bridge, ADAPTER, adapter));
    return new RelayTargets(
        redisUrl,
        URI.create(processes.via("users-adapter", adapter.url().toString())),
        Optional.of(processes.counters(BRIDGE, bridge.url())),
        processes.counters(ADAPTER, adapter.url()),
        nats.filter(any -> settings.probes().outage()).map(any -> new Outage(any, both)),
        clock(settings, redisUrl, run),
        isOneHost(service, adapter.url()));
  }

  /** Starts NATS, and returns the server, or the first of them. */
  private static NatsServer nats(Service service, RunProcesses processes, Path logs) {
    if (!service.natsCluster()) {
      return processes.own(service.natsLeaf() ? NatsServer.hub(logs) : NatsServer.start(logs));
    }
    List<NatsServer> nodes = new ArrayList<>();
    while (nodes.size() < NatsServer.NODES) {
      nodes.add(processes.own(NatsServer.node(logs, nodes)));
    }
    return nodes.get(0);
  }

  private static RelayTargets reach(RelaySettings settings, Run run) {
    Service service = settings.service();
    URI adapter = service.sseUrl().orElseThrow();
    Optional<URI> redis = service.redisUrl().map(URI::create);
    return new RelayTargets(
        redis,
        adapter,
        service.bridgeUrl().map(url -> run.processes().counters(BRIDGE, url)),
        run.processes().probe(ADAPTER, adapter),
        Optional.empty(),
        clock(settings, redis, run),
        isOneHost(service, adapter));
  }

  /** In one process there is one clock; between two, Redis's own may stand between them. */
  private static Clock clock(RelaySettings settings, Optional<URI> url, Run run) {
    Clock clock = Clock.here(run.nanoClock());
    if (settings.mode() == Mode.BOTH || url.isEmpty()) {
      return clock;
    }
    try (RedisTokens redis = new RedisTokens(url.get(), settings.delivery())) {
      return clock.with(redis.offset(clock));
    } catch (JedisException e) {
      throw new StackFailure("-Dredis.url: Redis does not answer TIME: " + e.getMessage(), e);
    }
  }

  private static boolean isOneHost(Service service, URI adapter) {
    return Stream.of(Optional.of(adapter.toString()), service.redisUrl(), service.natsUrl())
        .flatMap(Optional::stream)
        .map(URI::create)
        .allMatch(RelayTargets::isLoopback);
  }

  private static boolean isLoopback(URI url) {
    try {
      return InetAddress.getByName(url.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // Not this host, then.
    }
  }

  /** Prints the consumer's command, and waits until its streams are open. */
  private void awaitConsumers(RelaySettings settings) {
    int wanted = settings.plan().conversations();
    Console.line("");
    Console.line("consumers join, in another terminal, by");
    Console.line(
        """
          mvn gatling:test -Dgatling.simulationClass=simulations.TokenRelaySimulation \
        -Dmode=consumer -Dsse.url=%s -Dconversation-prefix=%s -Dconversations=%s -Ddelivery=%s\
        """
            .formatted(url, settings.names().prefix(), wanted, settings.delivery().word()));
    Duration bound = settings.side().awaitConsumers();
    if (bound.isZero()) {
      return;
    }
    TargetCounters.settle(bound, List.of(adapter), () -> openStreams() >= wanted);
    if (openStreams() < wanted) {
      throw new StackFailure(
          Numbers.sentence(
              "-Dawait-consumers: after %s %s of %s streams were open at %s; start the consumer"
                  + " earlier, or wait longer",
              bound, openStreams(), wanted, url));
    }
  }
}
