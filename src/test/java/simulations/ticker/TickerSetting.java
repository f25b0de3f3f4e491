package simulations.ticker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.MetricsSource;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;
import simulations.run.BundledProcesses;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import simulations.ticker.TickerRunSettings.Service;
import stack.External;
import stack.NatsServer;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * Everything that a run needs before its first user: settings, run folder, servers, targets.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param load shared by the users
 * @param audit reconciles at the end
 * @param socket where the users connect
 * @param beside begins what goes on beside the users
 */
public record TickerSetting(
    TickerRunSettings settings,
    Run run,
    TickerLoad load,
    TickerAudit audit,
    URI socket,
    Runnable beside) {
  private static final String TICKER = "ticker";
  private static final String PUBLISHER = "publisher";
  private static final String AUDIENCE = "gauntlet";
  private static final String SECRET = "auth.token";

  /**
   * Reads the settings, makes the run folder, starts or reaches servers and targets.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a server or target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static TickerSetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("ping-pong");
    TickerRunSettings settings = TickerRunSettings.read(config);
    Map<String, String> texts = config.asTexts();
    texts.remove(SECRET);
    if (settings.plan().isStaged()) {
      texts.put("stages", String.join(", ", config.reader().texts("stages")));
      // What the stages say in their stead.
      texts.keySet().removeAll(List.of("connections", "rampup", "duration", "frequency"));
    }
    texts.replaceAll((name, text) -> text.replaceAll("//[^/@]*@", "//***@"));
    Run run =
        Run.open(
            new RunPlan(
                TickerRunSettings.SIMULATION,
                config.profile(),
                settings.sentence(),
                settings.seed(),
                texts,
                settings.slos().words(),
                settings.thresholds(),
                RunPlan.bounds(config.validity()),
                settings.monitor(),
                settings.options()));
    try {
      return settings.service().wsUrl().isPresent() ? reach(settings, run) : start(settings, run);
    } catch (StackFailure e) {
      run.processes().stop();
      throw e;
    }
  }

  private static TickerSetting start(TickerRunSettings settings, Run run) {
    Service service = settings.service();
    Path logs = run.folder().log(TICKER).toAbsolutePath().getParent();
    service.natsUrl().ifPresent(url -> External.nats("-Dnats.url", url));
    String nats = service.natsUrl().orElseGet(() -> nats(logs, run));
    if (service.natsUrl().isPresent()) {
      run.processes().reachesOut();
    }
    BundledProcesses processes = settings.targets().processes();
    TargetProcess ticker =
        processes.launch(
            run,
            TICKER,
            TICKER,
            settings.targets().defect(),
            "--nats",
            nats,
            "--audience",
            AUDIENCE);
    TargetProcess publisher =
        processes.launch(
            run,
            "ticker-publisher",
            PUBLISHER,
            "",
            "--nats",
            nats,
            "--rate",
            Double.toString(settings.feed().rate()),
            "--tokens",
            Integer.toString(settings.feed().tokens()),
            "--seed",
            Long.toString(settings.seed()));
    ticker.awaitReady();
    publisher.awaitReady();
    Optional<MetricsSource> metrics =
        BundledProcesses.watched(run, BundledProcesses.metrics(TICKER, ticker.url()));
    var unused =
        BundledProcesses.watched(run, BundledProcesses.metrics(PUBLISHER, publisher.url()));
    URI socket = URI.create(ticker.url().toString().replaceFirst("^http", "ws")).resolve("/ws");
    TokenKey key = TokenKey.ofDevelopment();
    TokenPlan plan = TokenPlan.GOOD.meantFor(AUDIENCE);
    TokenMint mint = new TokenMint(key, plan, InstantSource.system());
    TickerLoad load = new TickerLoad(settings, run, Optional.of(mint), System::nanoTime);
    Optional<Attackers> attackers =
        settings.attacks()
            ? Optional.of(new Attackers(socket, key, plan, System::nanoTime))
            : Optional.empty();
    Optional<SlowViewer> slow =
        settings.attacks()
            ? Optional.of(new SlowViewer(socket, mint.mint(SlowViewer.user()), nats))
            : Optional.empty();
    TickerAudit audit =
        new TickerAudit(load, metrics, attackers, slow, Optional.of(run.folder().log(TICKER)));
    return new TickerSetting(
        settings,
        run,
        load,
        audit,
        socket,
        () -> {
          attackers.ifPresent(Attackers::begin);
          slow.ifPresent(SlowViewer::begin);
        });
  }

  private static String nats(Path logs, Run run) {
    NatsServer server = NatsServer.start(logs);
    run.processes().own(server);
    return server.url().toString();
  }

  private static TickerSetting reach(TickerRunSettings settings, Run run) {
    URI socket = settings.service().wsUrl().orElseThrow();
    URI http = URI.create(socket.toString().replaceFirst("^ws", "http")).resolve("/");
    BundledProcesses.reach("-Dws.url", http);
    run.processes().reachesOut();
    Optional<TokenMint> mint =
        settings.service().token().isPresent()
            ? Optional.empty()
            : Optional.of(
                new TokenMint(TokenKey.ofDevelopment(), TokenPlan.GOOD, InstantSource.system()));
    TickerLoad load = new TickerLoad(settings, run, mint, System::nanoTime);
    Optional<MetricsSource> metrics =
        BundledProcesses.watched(run, BundledProcesses.metrics(TICKER, http));
    TickerAudit audit =
        new TickerAudit(load, metrics, Optional.empty(), Optional.empty(), Optional.empty());
    return new TickerSetting(settings, run, load, audit, socket, () -> {});
  }
}
