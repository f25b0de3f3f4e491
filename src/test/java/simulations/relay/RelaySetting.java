package simulations.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kpi.MetricsSource;
import redis.clients.jedis.exceptions.JedisException;
import simulations.relay.RelaySettings.Mode;
import simulations.relay.RelaySettings.Service;
import simulations.run.BundledProcesses;
import simulations.run.Console;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.External;
import stack.NatsServer;
import stack.RedisServer;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * Everything that a run needs before its first user: settings, run folder, servers, targets.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param load shared by the users
 * @param audit reconciles at the end
 * @param adapter where streams are read
 */
public record RelaySetting(
    RelaySettings settings, Run run, RelayLoad load, RelayAudit audit, URI adapter) {
  private static final String BRIDGE = "bridge";
  private static final String ADAPTER = "adapter";
  private static final long LOOK_MS = 200;

  /**
   * What the load meets.
   *
   * @param redis where tokens are said; empty if that is not known here
   * @param adapter where streams are read
   * @param bridgeMetrics if the bridge can be asked
   * @param adapterMetrics if the adapter can be asked
   * @param outage if NATS may be taken away
   */
  private record Relay(
      Optional<URI> redis,
      URI adapter,
      Optional<MetricsSource> bridgeMetrics,
      Optional<MetricsSource> adapterMetrics,
      Optional<OutageProbe> outage) {}

  /**
   * Reads the settings, makes the run folder, starts or reaches servers and targets.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a server or target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static RelaySetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("token-relay");
    RelaySettings settings = RelaySettings.read(config);
    Run run =
        Run.open(
            new RunPlan(
                RelaySettings.SIMULATION,
                config.profile(),
                settings.sentence(),
                settings.seed(),
                withoutPasswords(config.asTexts()),
                settings.slos().words(),
                settings.thresholds(),
                RunPlan.bounds(config.validity()),
                settings.monitor(),
                settings.options()));
    try {
      Relay relay =
          settings.service().sseUrl().isPresent() ? reach(settings, run) : start(settings, run);
      return of(settings, run, relay);
    } catch (StackFailure e) {
      run.processes().stop();
      throw e;
    }
  }

  private static RelaySetting of(RelaySettings settings, Run run, Relay relay) {
    String own = "load-" + Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX);
    ConversationNames names = settings.names().orPrefix(own);
    Clock clock = clock(settings, relay);
    Optional<TokenPublisher> publisher =
        settings.mode().produces()
            ? relay.redis.map(
                redis ->
                    new TokenPublisher(
                        new RedisTokens(redis, settings.delivery()),
                        settings.delivery(),
                        clock,
                        run.recorders(),
                        settings.mode() == Mode.PRODUCER))
            : Optional.empty();
    RelayLoad load =
        new RelayLoad(settings, names, run, clock, publisher, isOneHost(settings, relay));
    if (settings.mode() == Mode.PRODUCER) {
      awaitConsumers(settings, names, relay);
    }
    RelayAudit audit =
        new RelayAudit(load, relay.bridgeMetrics, relay.adapterMetrics, relay.outage);
    return new RelaySetting(settings, run, load, audit, relay.adapter);
  }

  private static Relay start(RelaySettings settings, Run run) {
    Service service = settings.service();
    Path logs = run.folder().log(ADAPTER).toAbsolutePath().getParent();
    service.redisUrl().ifPresent(url -> External.redis("-Dredis.url", url));
    service.natsUrl().ifPresent(url -> External.nats("-Dnats.url", url));
    String redis = service.redisUrl().orElseGet(() -> redis(logs, run));
    Optional<NatsServer> nats =
        service.natsUrl().isPresent() ? Optional.empty() : Optional.of(nats(logs, run));
    String natsUrl = nats.map(server -> server.url().toString()).or(service::natsUrl).orElseThrow();
    boolean consumersElsewhere = settings.mode() == Mode.PRODUCER;
    if (consumersElsewhere || service.redisUrl().isPresent() || service.natsUrl().isPresent()) {
      run.processes().reachesOut();
    }
    BundledProcesses processes = settings.targets().processes();
    String delivery = settings.delivery().word();
    TargetProcess bridge =
        processes.launch(
            run,
            "relay-bridge",
            BRIDGE,
            settings.targets().bridgeDefect(),
            "--redis",
            redis,
            "--nats",
            natsUrl,
            "--delivery",
            delivery);
    TargetProcess adapter =
        processes.launch(
            run,
            "relay-adapter",
            ADAPTER,
            settings.targets().adapterDefect(),
            "--nats",
            natsUrl,
            "--delivery",
            delivery);
    bridge.awaitReady();
    adapter.awaitReady();
    Map<String, URI> both = new LinkedHashMap<>();
    both.put(BRIDGE, bridge.url());
    both.put(ADAPTER, adapter.url());
    return new Relay(
        Optional.of(URI.create(redis)),
        adapter.url(),
        BundledProcesses.watched(run, BundledProcesses.metrics(BRIDGE, bridge.url())),
        BundledProcesses.watched(run, BundledProcesses.metrics(ADAPTER, adapter.url())),
        nats.filter(server -> settings.groups().outage())
            .map(server -> new OutageProbe(server, both)));
  }

  private static String redis(Path logs, Run run) {
    RedisServer server = RedisServer.start(logs);
    run.processes().own(server);
    return server.url().toString();
  }

  private static NatsServer nats(Path logs, Run run) {
    NatsServer server = NatsServer.start(logs);
    run.processes().own(server);
    return server;
  }

  private static Relay reach(RelaySettings settings, Run run) {
    Service service = settings.service();
    URI adapter = service.sseUrl().orElseThrow();
    BundledProcesses.reach("-Dsse.url", adapter);
    service.redisUrl().ifPresent(url -> External.redis("-Dredis.url", url));
    run.processes().reachesOut();
    return new Relay(
        service.redisUrl().map(URI::create),
        adapter,
        service
            .bridgeUrl()
            .flatMap(url -> BundledProcesses.watched(run, BundledProcesses.metrics(BRIDGE, url))),
        BundledProcesses.watched(run, BundledProcesses.metrics(ADAPTER, adapter)),
        Optional.empty());
  }

  /** In one process there is one clock; between two, Redis's own may stand between them. */
  private static Clock clock(RelaySettings settings, Relay relay) {
    Clock clock = Clock.here(System::nanoTime);
    if (settings.mode() == Mode.BOTH || relay.redis.isEmpty()) {
      return clock;
    }
    try (RedisTokens redis = new RedisTokens(relay.redis.get(), settings.delivery())) {
      return clock.with(redis.offset(clock));
    } catch (JedisException e) {
      throw new StackFailure("Redis does not tell its time: " + e.getMessage(), e);
    }
  }

  private static boolean isOneHost(RelaySettings settings, Relay relay) {
    Service service = settings.service();
    return isLoopback(relay.adapter)
        && service.redisUrl().map(URI::create).stream().allMatch(RelaySetting::isLoopback)
        && service.natsUrl().map(URI::create).stream().allMatch(RelaySetting::isLoopback);
  }

  private static boolean isLoopback(URI url) {
    try {
      return InetAddress.getByName(url.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // Not here, then.
    }
  }

  private static void awaitConsumers(RelaySettings settings, ConversationNames names, Relay relay) {
    int wanted = settings.plan().conversations();
    Console.line("");
    Console.line("consumers join, in another terminal, by");
    Console.line(
        "  mvn gatling:test -Dgatling.simulationClass=simulations.TokenRelaySimulation"
            + " -Dmode=consumer -Dsse.url="
            + relay.adapter
            + " -Dconversation-prefix="
            + names.prefix().orElseThrow()
            + " -Dconversations="
            + wanted
            + " -Ddelivery="
            + settings.delivery().word());
    Duration bound = settings.awaitConsumers();
    for (long waitedMs = 0; waitedMs < bound.toMillis(); waitedMs += LOOK_MS) {
      if (readers(relay) >= wanted) {
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackFailure("interrupted while waiting for consumers", e);
      }
    }
    if (!bound.isZero()) {
      throw new StackFailure(
          "-Dawait-consumers: after "
              + bound.toSeconds()
              + " s "
              + readers(relay)
              + " of "
              + wanted
              + " streams were open at "
              + relay.adapter
              + "; start the consumer earlier, or wait longer");
    }
  }

  private static long readers(Relay relay) {
    return relay
        .adapterMetrics
        .map(source -> source.read().join().path("active_connections").asLong())
        .orElse(0L);
  }

  /** What is written into the run's folder must not hold a password. */
  private static Map<String, String> withoutPasswords(Map<String, String> texts) {
    texts.replaceAll((name, text) -> text.replaceAll("//[^/@]*@", "//***@"));
    return texts;
  }
}
