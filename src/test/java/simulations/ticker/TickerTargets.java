package simulations.ticker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import kpi.MetricsSource;
import settings.JwtKey;
import settings.JwtPlan;
import simulations.run.Access;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.SideWork;
import simulations.run.TargetCounters;
import stack.External;
import stack.NatsServer;
import stack.TargetProcess;

/**
 * The ticker under load.
 *
 * @param socket address that users connect to
 * @param publisher counters of the bundled publisher
 * @param ends of its feeds, which the bundled publisher counts
 */
public record TickerTargets(
    URI socket,
    TargetCounters counters,
    Optional<TargetCounters> publisher,
    FeedEnds ends,
    UnaryOperator<String> mint,
    Optional<Intruders> intruders,
    Optional<Path> log) {
  private static final String TICKER = "ticker";
  private static final String PUBLISHER = "publisher";
  private static final String AUDIENCE = "gauntlet";
  private static final Duration BETWEEN_ATTACKS = Duration.ofMillis(75);

  /** Clients beside the users, who come with the first of them. */
  record Intruders(Attackers attackers, SlowViewer slow, SideWork work) {
    private static Intruders of(Attackers attackers, SlowViewer slow) {
      return new Intruders(attackers, slow, new SideWork("intruder", List.of(attackers, slow)));
    }
  }

  /** Starts the bundled ticker with its publisher and its server, or reaches the user's own. */
  public static TickerTargets prepare(TickerSettings settings, Run run) {
    return settings.service().wsUrl().isPresent() ? reach(settings, run) : start(settings, run);
  }

  /** Lets broadcasts be lost that are published until soon after a moment in monotonic ns. */
  public void excuseUntil(long atNs) {
    ends.excuseUntil(atNs);
  }

  private static TickerTargets start(TickerSettings settings, Run run) {
    String nats = nats(settings, run);
    RunProcesses processes = run.processes();
    String[] options = {"--nats", processes.via("ticker-nats", nats), "--audience", AUDIENCE};
    TargetProcess ticker = processes.launch(TICKER, TICKER, settings.service().defect(), options);
    String[] feed = {
      "--nats", processes.via("publisher-nats", nats),
      "--rate", Double.toString(settings.plan().feedRate()),
      "--tokens", Integer.toString(settings.plan().feedTokens()),
      "--seed", Long.toString(settings.common().seed())
    };
    TargetProcess publisher =
        processes.launch("ticker-publisher", PUBLISHER, settings.service().publisherDefect(), feed);
    URI url = ticker.awaitReady().url();
    FeedEnds ends = new FeedEnds();
    URI figures = publisher.awaitReady().url().resolve("/metrics");
    TargetCounters counted =
        processes.counters(ends.observing(MetricsSource.at(PUBLISHER, figures), run.nanoClock()));
    String users = processes.via("users-ticker", url.toString());
    URI socket = URI.create(users.replaceFirst("^http", "ws")).resolve("/ws");
    JwtPlan plan = JwtPlan.GOOD.with("aud", AUDIENCE);
    UnaryOperator<String> mint = mint(plan);
    return new TickerTargets(
        socket,
        processes.counters(TICKER, url),
        Optional.of(counted),
        ends,
        mint,
        settings.isAttacked()
            ? Optional.of(
                Intruders.of(
                    new Attackers(socket, plan, BETWEEN_ATTACKS, run.nanoClock()),
                    new SlowViewer(socket, mint.apply(SlowViewer.USER), nats)))
            : Optional.empty(),
        Optional.of(run.folder().log(TICKER)));
  }

  private static String nats(TickerSettings settings, Run run) {
    Optional<String> own = settings.service().natsUrl();
    if (own.isEmpty()) {
      return run.processes().own(NatsServer.start(run.logs())).url().toString();
    }
    External.nats("-Dnats.url", own.get());
    run.processes().reachesOut();
    return own.get();
  }

  private static TickerTargets reach(TickerSettings settings, Run run) {
    URI socket = settings.service().wsUrl().orElseThrow();
    URI http = URI.create(socket.toString().replaceFirst("^ws", "http")).resolve("/");
    Access.reach("-Dws.url", socket);
    return new TickerTargets(
        socket,
        run.processes().probe(TICKER, http),
        Optional.empty(),
        new FeedEnds(),
        mint(JwtPlan.GOOD),
        Optional.empty(),
        Optional.empty());
  }

  static UnaryOperator<String> mint(JwtPlan plan) {
    return plan.mint(JwtKey.OF_DEVELOPMENT, InstantSource.system());
  }
}
