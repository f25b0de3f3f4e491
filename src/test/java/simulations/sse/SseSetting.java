package simulations.sse;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.MetricsSource;
import kpi.Phase;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * Everything that a battle needs before its first user: settings, run folder, targets.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param battle shared by the users
 * @param audit reconciles at the end
 * @param url where streams are asked for
 */
public record SseSetting(
    SseBattleSettings settings, Run run, SseBattle battle, SseAudit audit, URI url) {
  private static final String MAIN = "gauntlet.Main";
  private static final String SECRET = "api-key";
  private static final int CONNECT_BOUND_MS = 5_000;

  /**
   * Reads the settings, makes the run folder, starts or reaches the targets.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static SseSetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("sse-battle");
    SseBattleSettings settings = SseBattleSettings.read(config);
    Map<String, String> texts = config.asTexts();
    texts.remove(SECRET);
    Run run =
        Run.open(
            new RunPlan(
                "SseBattleSimulation",
                config.profile(),
                settings.sentence(),
                settings.seed(),
                texts,
                settings.slos().words(),
                settings.thresholds(),
                RunPlan.bounds(config.validity()),
                settings.monitor()));
    try {
      return settings.service().isExternal() ? reach(settings, run) : start(settings, run);
    } catch (StackFailure e) {
      run.stopTargets();
      throw e;
    }
  }

  private static SseSetting start(SseBattleSettings settings, Run run) {
    TargetProcess llm =
        launch(settings, run, "llm", List.of(), settings.targets().llmDefect()).awaitReady();
    TargetProcess proxy =
        launch(
                settings,
                run,
                "proxy",
                List.of("--upstream", llm.url().toString()),
                settings.targets().proxyDefect())
            .awaitReady();
    return watching(
        settings,
        run,
        proxy.url(),
        Optional.of(MetricsSource.at("llm", llm.url().resolve("/metrics"))),
        Optional.of(MetricsSource.at("proxy", proxy.url().resolve("/metrics"))));
  }

  private static TargetProcess launch(
      SseBattleSettings settings, Run run, String name, List<String> more, String defect) {
    List<String> options = new ArrayList<>(more);
    if (!defect.isEmpty()) {
      options.addAll(List.of("--defect", defect));
    }
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name,
                MAIN,
                List.of(
                    "-Xmx" + settings.targets().heap(),
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError"),
                options,
                run.folder().log(name),
                settings.targets().readyWithin()));
    run.own(target);
    return target;
  }

  private static SseSetting reach(SseBattleSettings settings, Run run) {
    URI url = settings.service().proxyUrl().orElseThrow();
    int port = url.getPort() > 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), port), CONNECT_BOUND_MS);
    } catch (IOException e) {
      throw new StackFailure(
          "-Dproxy.url: nothing answers at "
              + url
              + " ("
              + e.getMessage()
              + "); start it, or leave the option out to use the bundled targets",
          e);
    }
    return watching(
        settings,
        run,
        url,
        settings.service().llmUrl().map(llm -> MetricsSource.at("llm", llm.resolve("/metrics"))),
        Optional.of(MetricsSource.at("proxy", url.resolve("/metrics"))));
  }

  /** A source that does not answer with figures of a process is not watched. */
  private static SseSetting watching(
      SseBattleSettings settings,
      Run run,
      URI url,
      Optional<MetricsSource> llm,
      Optional<MetricsSource> proxy) {
    Optional<MetricsSource> llmKnown = llm.filter(SseSetting::answers);
    Optional<MetricsSource> proxyKnown = proxy.filter(SseSetting::answers);
    llmKnown.ifPresent(run::watch);
    proxyKnown.ifPresent(run::watch);
    SseBattle battle = new SseBattle(settings, run);
    SseAudit audit = new SseAudit(battle, run.tally(Phase.WARM_UP), llmKnown, proxyKnown);
    return new SseSetting(settings, run, battle, audit, url);
  }

  private static boolean answers(MetricsSource source) {
    return source.read().join().path("process").isObject();
  }
}
