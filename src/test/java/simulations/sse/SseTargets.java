package simulations.sse;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import simulations.run.Access;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.TargetCounters;
import stack.Peer;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * The proxies and the token server under load.
 *
 * @param urls at which streams are requested, by turns
 * @param llm counters of the token server; empty if its address is not known
 */
public record SseTargets(
    List<ServiceUrl> urls, Optional<TargetCounters> llm, List<TargetCounters> proxies) {
  private static final String LLM = "llm";
  private static final String PROXY = "proxy";

  /** Returns the addresses of the services. */
  public List<String> bases() {
    return urls.stream().map(ServiceUrl::base).toList();
  }

  /** Starts the bundled targets, or reaches the user's own; throws a StackFailure if it cannot. */
  public static SseTargets prepare(SseSettings settings, Run run) {
    return settings.service().isExternal() ? reach(settings, run) : start(settings, run);
  }

  private static SseTargets start(SseSettings settings, Run run) {
    SseSettings.Bundled bundled = settings.bundled();
    RunProcesses processes = run.processes();
    TargetProcess llm = processes.launch(LLM, LLM, bundled.llmDefect()).awaitReady();
    Optional<TargetCounters> counters = Optional.of(processes.counters(LLM, llm.url()));
    if (bundled.peer().isPresent()) { // It has no counters: those of the token server are compared.
      Peer.Kind kind = Peer.Kind.of(bundled.peer().get()).orElseThrow();
      int users = settings.allUsers();
      Function<String, Peer> start =
          name -> Peer.proxy(kind, List.of(llm.url()), users, run.logs().resolve(name));
      List<ServiceUrl> urls =
          names(bundled)
              .map(name -> ServiceUrl.of(processes.own(name, start.apply(name)).url()))
              .toList();
      return new SseTargets(urls, counters, List.of());
    }
    String[] options = {"--upstream", processes.via("proxy-llm", llm.url().toString())};
    List<TargetProcess> proxies =
        names(bundled)
            .map(name -> processes.launch(PROXY, name, bundled.proxyDefect(), options))
            .toList();
    proxies.forEach(TargetProcess::awaitReady);
    return new SseTargets(
        proxies.stream()
            .map(proxy -> processes.via("users-proxy", proxy.url().toString()))
            .map(url -> ServiceUrl.of(URI.create(url)))
            .toList(),
        counters,
        proxies.stream().map(proxy -> processes.counters(proxy.name(), proxy.url())).toList());
  }

  private static Stream<String> names(SseSettings.Bundled bundled) {
    return IntStream.rangeClosed(1, bundled.proxies())
        .mapToObj(number -> number == 1 ? PROXY : PROXY + "-" + number);
  }

  /**
   * Verifies that a service accepts connections, and has a certificate that clients trust.
   *
   * @throws StackFailure with what is wrong: its name, its port, or its TLS
   */
  static void reach(Service service, ServiceUrl url) {
    Access.reach(service.option(), url.base(), url.host(), url.port());
  }

  private static SseTargets reach(SseSettings settings, Run run) {
    ServiceUrl url = settings.service().url().orElseThrow();
    reach(settings.service(), url);
    return new SseTargets(
        List.of(url),
        settings.service().llmUrl().map(llm -> run.processes().counters(LLM, llm)),
        List.of(run.processes().probe(PROXY, URI.create(url.base()))));
  }
}
