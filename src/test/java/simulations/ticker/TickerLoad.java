package simulations.ticker;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import kpi.Phase;
import kpi.Stages;
import kpi.Tally;
import settings.TokenMint;
import simulations.run.Arrivals;
import simulations.run.Run;
import simulations.run.Stretches;
import simulations.ticker.TickerRunSettings.Plan;

/** What the users of one run share. Thread-safe. */
public final class TickerLoad {
  private static final String CONNECTIONS = "connections";

  private final TickerRunSettings settings;
  private final Run run;
  private final LongSupplier nanoClock;
  private final Optional<TokenMint> mint;
  private final SocketRecorder.Shared warmUp;
  private final List<StageLoad> stages = new ArrayList<>();
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
    this.warmUp = shared(List.of(book(Phase.WARM_UP)));
    settings.plan().stages().forEach(stage -> stages.add(stageLoad(stage)));
  }

  /** The settings of the run. */
  TickerRunSettings settings() {
    return settings;
  }

  /** The stages, one after the other. */
  public List<StageLoad> stages() {
    return List.copyOf(stages);
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

  /** A socket of the warm-up that is about to be asked for. */
  SocketRecorder warmUpSocket(long intendedNs) {
    return new SocketRecorder(warmUp, intendedNs);
  }

  private StageLoad stageLoad(TickerStage stage) {
    Plan plan = settings.plan();
    boolean last = stages.size() == plan.stages().size() - 1;
    Book own = StageLoad.book();
    List<Book> books =
        plan.isStaged() ? List.of(book(Phase.MEASURE), own) : List.of(book(Phase.MEASURE));
    Arrivals arrivals =
        plan.isStaged()
            ? new Arrivals(
                run,
                Stages.prefix(stage.name()),
                CONNECTIONS,
                Stretches.of(stage.name(), last),
                stage.connections(),
                stage.rampup(),
                stage.duration(),
                nanoClock)
            : new Arrivals(
                run, CONNECTIONS, stage.connections(), stage.rampup(), stage.duration(), nanoClock);
    return new StageLoad(stage, arrivals, shared(books), own);
  }

  private Book book(Phase phase) {
    return new Book(run.recorders(), run.tally(phase), phase);
  }

  private SocketRecorder.Shared shared(List<Book> books) {
    return new SocketRecorder.Shared(books, settings.slos(), nanoClock, InstantSource.system());
  }
}
