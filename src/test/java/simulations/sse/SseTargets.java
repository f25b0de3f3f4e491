package simulations.sse;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simulations.run.BundledProcesses;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.TargetCounters;
import stack.Peer;
import stack.TargetProcess;

/**
 * The proxies and the token server under load.
 *
 * @param urls at which streams are requested, by turns
 * @param llm counters of the token server; empty if its address is not known
 * @param proxies counters of each proxy
 */
public record SseTargets(
    List<URI> urls, Optional<TargetCounters> llm, List<TargetCounters> proxies) {
  private static final String LLM = "llm";
  private static final String PROXY = "proxy";

  /**
   * Starts the bundled targets, or reaches the user's own service.
   *
   * @throws stack.StackFailure if a target cannot be had
   */
  public static SseTargets prepare(SseSettings settings, Run run) {
    return settings.service().isExternal() ? reach(settings, run) : start(settings, run);
  }

  private static SseTargets start(SseSettings settings, Run run) {
    SseSettings.Bundled bundled = settings.bundled();
    BundledProcesses processes = settings.common().processes();
    TargetProcess llm = processes.launch(run, LLM, LLM, bundled.llmDefect()).awaitReady();
    if (bundled.peer().isPresent()) {
      return besidePeers(settings, run, llm.url());
    }
    List<TargetProcess> proxies = new ArrayList<>();
    for (int number = 1; number <= bundled.proxies(); number++) {
      String process = number == 1 ? PROXY : PROXY + "-" + number;
      String upstream = llm.url().toString();
      proxies.add(
          processes.launch(run, PROXY, process, bundled.proxyDefect(), "--upstream", upstream));
    }
    proxies.forEach(TargetProcess::awaitReady);
    RunProcesses sampled = run.processes();
    return new SseTargets(
        proxies.stream().map(TargetProcess::url).toList(),
        Optional.of(sampled.counters(LLM, llm.url())),
        proxies.stream().map(proxy -> sampled.counters(proxy.name(), proxy.url())).toList());
  }

  /** Peers have no counters; the token server's and the clients' are still compared. */
  private static SseTargets besidePeers(SseSettings settings, Run run, URI llm) {
    List<URI> urls = new ArrayList<>();
    for (int number = 1; number <= settings.bundled().proxies(); number++) {
      String process = number == 1 ? PROXY : PROXY + "-" + number;
      Peer.Kind kind = settings.bundled().peer().orElseThrow().kind();
      Peer peer = Peer.proxy(kind, llm, settings.allUsers(), run.logs().resolve(process));
      urls.add(run.processes().own(process, peer).url());
    }
    return new SseTargets(urls, Optional.of(run.processes().counters(LLM, llm)), List.of());
  }

  private static SseTargets reach(SseSettings settings, Run run) {
    URI url = settings.service().proxyUrl().orElseThrow();
    BundledProcesses.reach("-Dproxy.url", url);
    return new SseTargets(
        List.of(url),
        settings.service().llmUrl().map(llm -> run.processes().counters(LLM, llm)),
        List.of(run.processes().probe(PROXY, url)));
  }
}
