package simulations.resilience;

import static io.gatling.javaapi.http.HttpDsl.*;

import java.util.Map;
import java.util.Set;
import kpi.Kpi;
import kpi.Phase;
import simulations.run.Checks;
import simulations.run.Run;
import simulations.sse.SseAudit;
import simulations.sse.SseJourneys;
import simulations.sse.SseLoad;
import simulations.sse.SseSettings;
import simulations.sse.SseTargets;

/** The proxy and its token server: streams break, and no broken one looks whole. */
final class SseSystem implements FaultedSystem {
  private final SseSettings settings;
  private final SseTargets targets;
  private final SseLoad load;
  private final SseAudit own;
  private final Run run;

  SseSystem(SseSettings settings, Run run) {
    this.settings = settings;
    this.run = run;
    this.targets = SseTargets.prepare(settings, run);
    this.load = new SseLoad(settings, run);
    this.own = new SseAudit(load, targets);
  }

  @Override
  public SseLoad load() {
    return load;
  }

  @Override
  public Played play() {
    SseJourneys journeys = new SseJourneys(load);
    return new Played(
        http.baseUrls(targets.bases()).disableWarmUp().acceptHeader("text/event-stream"),
        journeys.users(),
        journeys.warmUp(),
        settings.warmUpUsers());
  }

  @Override
  public Service service() {
    return new Service(
        "streams",
        Set.of(Kpi.TTFT),
        Set.of(),
        Set.of(Kpi.TTFT),
        Set.of(Kpi.GAP),
        Set.of("llm", "proxy", "users-proxy", "proxy-llm"),
        Set.of("proxy", "users-proxy"));
  }

  @Override
  public void settle() {
    own.settle();
  }

  @Override
  public void check(Checks checks) {
    Map<String, Long> counted = run.recording(Phase.MEASURE).tally().counters();
    checks.tokens(counted, true, "", true);
  }
}
