package simulations.events;

import java.util.Locale;
import java.util.OptionalDouble;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Run;

/** The checks of the throughput simulation. */
public final class ThroughputAudit extends EventsAudit<ThroughputLoad> {
  /** From that share of a core on, the one event loop of a side is what limits. */
  private static final double BUSY = 0.8;

  public ThroughputAudit(ThroughputLoad load) {
    super(load);
  }

  @Override
  public void check(Checks checks) {
    events(checks);
    resumes(checks);
    checks.validity("full_speed_limit").judge(this::limit);
  }

  /**
   * Names the side that limits the single client, which uses one event loop on each. A rate that
   * the generator limits says nothing against the server.
   */
  private Finding limit() {
    OptionalDouble generator = load.single.cores(Run.INJECTOR);
    OptionalDouble server = load.single.cores(EventsTargets.EVENTS);
    double rate = load.single.eventsPerS().orElse(0);
    double here = generator.orElse(0);
    double there = server.orElse(0);
    boolean own = here >= BUSY && here > there;
    String sides =
        String.format(Locale.ROOT, "generator %.2f cores, server ", here)
            + (server.isPresent() ? String.format(Locale.ROOT, "%.2f", there) : "unknown");
    String limit =
        own
            ? "The generator limited the single client: it can read no more than this."
            : there >= BUSY
                ? "The server limited the single client, not the generator."
                : "Neither side was busy all the time: what limited the single client lies between"
                    + " them, or in other programs.";
    String bad = limit + " The rate is below the floor, and says nothing about the server.";
    // A server without a plan need not be fast.
    boolean enough = !planned || rate >= ThroughputSettings.FLOOR_SINGLE;
    return Finding.of(!own || enough, sides, "", limit, bad)
        .onlyIf(generator.isPresent(), "The generator's CPU time is not known.");
  }
}
