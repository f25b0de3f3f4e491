package simulations.ticker;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import kpi.Phase;
import kpi.Tally;
import simulations.run.Arrivals;
import simulations.run.Run;
import simulations.ticker.TickerRunSettings.Plan;
import tokens.TokenMint;

/** What the users of one run share. Thread-safe. */
public final class TickerLoad {
  private final TickerRunSettings settings;
  private final Run run;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final Optional<TokenMint> mint;
  private final Map<Phase, SocketRecorder.Shared> shared = new EnumMap<>(Phase.class);
  private final AtomicInteger users = new AtomicInteger();

  /**
   * @param settings of the run
   * @param run takes what is recorded
   * @param mint makes each user's token, unless the settings name one for all
   * @param nanoClock monotonic nanoseconds
   */
  TickerLoad(
      TickerRunSettings settings, Run run, Optional<TokenMint> mint, LongSupplier nanoClock) {
    this.settings = settings;
    this.run = run;
    this.mint = mint;
    this.nanoClock = nanoClock;
    Plan plan = settings.plan();
    this.arrivals =
        new Arrivals(
            run, "connections", plan.connections(), plan.rampup(), plan.duration(), nanoClock);
    for (Phase phase : Phase.values()) {
      shared.put(
          phase,
          new SocketRecorder.Shared(
              run.recorders(),
              run.tally(phase),
              phase,
              settings.slos(),
              nanoClock,
              InstantSource.system()));
    }
  }

  /** The settings of the run. */
  TickerRunSettings settings() {
    return settings;
  }

  /** The schedule by which users come. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** Monotonic nanoseconds. */
  long nanos() {
    return nanoClock.getAsLong();
  }

  /** True while nothing has gone wrong around the load. */
  boolean goesOn() {
    return run.trouble().isEmpty();
  }

  /** What was counted in the measured phase. */
  Tally tally() {
    return run.tally(Phase.MEASURE);
  }

  /** The token of the next user: one of its own, unless the settings name one for all. */
  String nextToken() {
    int user = users.incrementAndGet();
    return settings
        .service()
        .token()
        .or(() -> mint.map(made -> made.mint("user-" + user)))
        .orElse("");
  }

  /** A socket that is about to be asked for. */
  SocketRecorder socket(Phase phase, long intendedNs) {
    return new SocketRecorder(shared.get(phase), intendedNs);
  }
}
