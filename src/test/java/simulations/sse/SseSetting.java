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
 * @param urls where streams are asked for, by turns
 */
public record SseSetting(
    SseBattleSettings settings, Run run, SseBattle battle, SseAudit audit, List<URI> urls) {
  private static final String MAIN = "gauntlet.Main";
  private static final String LLM = "llm";
  private static final String PROXY = "proxy";
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
                SseBattleSettings.SIMULATION,
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
      return settings.service().isExternal() ? reach(settings, run) : start(settings, run);
    } catch (StackFailure e) {
      run.stopTargets();
      throw e;
    }
  }

  private static SseSetting start(SseBattleSettings settings, Run run) {
    TargetProcess llm =
        launch(settings, run, LLM, LLM, with(settings.targets().llmDefect())).awaitReady();
    List<TargetProcess> proxies = new ArrayList<>();
    for (int number = 1; number <= settings.targets().proxies(); number++) {
      String process = number == 1 ? PROXY : PROXY + "-" + number;
      List<String> options =
          with(settings.targets().proxyDefect(), "--upstream", llm.url().toString());
      proxies.add(launch(settings, run, PROXY, process, options));
    }
    proxies.forEach(TargetProcess::awaitReady);
    return watching(
        settings,
        run,
        proxies.stream().map(TargetProcess::url).toList(),
        Optional.of(metrics(LLM, llm.url())),
        proxies.stream().map(proxy -> metrics(proxy.process(), proxy.url())).toList());
  }

  private static MetricsSource metrics(String process, URI url) {
    return MetricsSource.at(process, url.resolve("/metrics"));
  }

  private static List<String> with(String defect, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    if (!defect.isEmpty()) {
      all.addAll(List.of("--defect", defect));
    }
    return all;
  }

  private static TargetProcess launch(
      SseBattleSettings settings, Run run, String name, String process, List<String> options) {
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name,
                process,
                MAIN,
                jvmOptions(settings.targets().heap()),
                options,
                run.folder().log(process),
                settings.targets().readyWithin()));
    run.own(target);
    return target;
  }

  /**
   * A young generation of a seventh of the heap, a third of it for newcomers: so it is collected
   * every few seconds, and the state of a stream is gone before it is moved among the old, where
   * only a full collection would find it dead. See docs/decisions/0009-live-heap.md.
   */
  private static List<String> jvmOptions(String heap) {
    return List.of(
        "-Xms" + heap,
        "-Xmx" + heap,
        "-XX:+UseSerialGC",
        "-XX:NewRatio=6",
        "-XX:SurvivorRatio=1",
        "-XX:TargetSurvivorRatio=90",
        "-XX:+ExitOnOutOfMemoryError");
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
        List.of(url),
        settings.service().llmUrl().map(llm -> metrics(LLM, llm)),
        List.of(metrics(PROXY, url)));
  }

  /** A source that does not answer with figures of a process is not watched. */
  private static SseSetting watching(
      SseBattleSettings settings,
      Run run,
      List<URI> urls,
      Optional<MetricsSource> llm,
      List<MetricsSource> proxies) {
    Optional<MetricsSource> llmKnown = llm.filter(SseSetting::answers);
    List<MetricsSource> proxiesKnown = proxies.stream().filter(SseSetting::answers).toList();
    llmKnown.ifPresent(run::watch);
    proxiesKnown.forEach(run::watch);
    SseBattle battle = new SseBattle(settings, run);
    SseAudit audit = new SseAudit(battle, run.tally(Phase.WARM_UP), llmKnown, proxiesKnown);
    return new SseSetting(settings, run, battle, audit, urls);
  }

  private static boolean answers(MetricsSource source) {
    return source.read().join().path("process").isObject();
  }
}
