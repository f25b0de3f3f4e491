package simulations.sse;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.MetricsSource;
import kpi.Phase;
import simulations.run.BundledProcesses;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import simulations.sse.SseBattleSettings.BundledTargets;
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
  private static final String LLM = "llm";
  private static final String PROXY = "proxy";
  private static final String SECRET = "api-key";

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
    BundledTargets bundled = settings.targets();
    BundledProcesses processes = bundled.processes();
    TargetProcess llm = processes.launch(run, LLM, LLM, bundled.llmDefect()).awaitReady();
    List<TargetProcess> proxies = new ArrayList<>();
    for (int number = 1; number <= bundled.proxies(); number++) {
      String process = number == 1 ? PROXY : PROXY + "-" + number;
      String upstream = llm.url().toString();
      proxies.add(
          processes.launch(run, PROXY, process, bundled.proxyDefect(), "--upstream", upstream));
    }
    proxies.forEach(TargetProcess::awaitReady);
    return watching(
        settings,
        run,
        proxies.stream().map(TargetProcess::url).toList(),
        Optional.of(BundledProcesses.metrics(LLM, llm.url())),
        proxies.stream()
            .map(proxy -> BundledProcesses.metrics(proxy.name(), proxy.url()))
            .toList());
  }

  private static SseSetting reach(SseBattleSettings settings, Run run) {
    URI url = settings.service().proxyUrl().orElseThrow();
    BundledProcesses.reach("-Dproxy.url", url);
    return watching(
        settings,
        run,
        List.of(url),
        settings.service().llmUrl().map(llm -> BundledProcesses.metrics(LLM, llm)),
        List.of(BundledProcesses.metrics(PROXY, url)));
  }

  private static SseSetting watching(
      SseBattleSettings settings,
      Run run,
      List<URI> urls,
      Optional<MetricsSource> llm,
      List<MetricsSource> proxies) {
    Optional<MetricsSource> llmKnown = llm.flatMap(source -> BundledProcesses.watched(run, source));
    List<MetricsSource> proxiesKnown =
        proxies.stream().flatMap(proxy -> BundledProcesses.watched(run, proxy).stream()).toList();
    SseBattle battle = new SseBattle(settings, run);
    SseAudit audit = new SseAudit(battle, run.tally(Phase.WARM_UP), llmKnown, proxiesKnown);
    return new SseSetting(settings, run, battle, audit, urls);
  }
}
