package simulations.resilience;

import java.util.Set;
import kpi.Kpi;
import simulations.run.Checks;
import simulations.run.Run;
import simulations.sse.SseAudit;
import simulations.sse.SseJourneys;
import simulations.sse.SseLoad;
import simulations.sse.SseSettings;
import simulations.sse.SseTargets;

/** The proxy and its token server: streams break, and no broken one looks whole. */
record SseSystem(SseSettings settings, SseTargets targets, SseLoad load, SseAudit own)
    implements FaultedSystem {
  static SseSystem start(SseSettings settings, Run run) {
    SseTargets targets = SseTargets.prepare(settings, run);
    SseLoad load = new SseLoad(settings, run);
    return new SseSystem(settings, targets, load, new SseAudit(load, targets));
  }

  @Override
  public Played play() {
    SseJourneys journeys = new SseJourneys(load);
    return new Played(
        journeys.protocol(targets), journeys.users(), journeys.warmUp(), settings.warmUpUsers());
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
    checks.tokens(true, "", true);
  }
}
