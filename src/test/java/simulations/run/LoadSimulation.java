package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.Proxy;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import settings.BadSettings;
import stack.StackFailure;
import verdict.Check;
import verdict.Criteria.Judgement;

/**
 * The protocol that every run follows: ready, warm-up, measure, drain, reconcile, verdict. The
 * verdict is a last population of one user, who logs one record for each check, so that Gatling's
 * own assertions and report carry it.
 */
public abstract class LoadSimulation extends Simulation {
  private static final String WARM_UP = "warm-up";

  /** The scenario of the last user, who judges the run. */
  static final String VERDICT = "verdict";

  private static final String OVERALL = "overall";

  private final List<PopulationBuilder> populations = new ArrayList<>();
  private Optional<CompletableFuture<Void>> collected = Optional.empty();
  private Run run;
  private Judge judge;

  /** For subclasses, which call {@link #play} in the end. Numbers are written as JSON has them. */
  protected LoadSimulation() {
    Locale.setDefault(Locale.ROOT);
  }

  /**
   * Reads the settings and creates the run folder; explains every wrong setting and ends the
   * process if it must.
   *
   * @param section of {@code gauntlet.conf}
   */
  protected final <S extends SimulationSettings> S read(
      String section, Function<SuiteConfig, S> reading) {
    return orRefuse(
        () -> {
          S settings = reading.apply(SuiteConfig.of(section));
          run = Run.open(settings);
          return settings;
        });
  }

  /**
   * Starts or reaches the targets, and prepares what the users need there; on a failure stops those
   * started, explains it and ends the process.
   */
  protected final <S, T> T prepare(S from, BiFunction<S, Run, T> preparation) {
    return orRefuse(
        () -> {
          try {
            return preparation.apply(from, run);
          } catch (StackFailure e) {
            run.processes().stop();
            throw e;
          }
        });
  }

  private HttpProtocolBuilder with(Access access, HttpProtocolBuilder protocol) {
    HttpProtocolBuilder own = protocol.headers(access.headers());
    return access
        .proxyServer()
        .map(url -> Proxy(url.getHost(), ServiceProxy.port(url)))
        .map(proxy -> own.proxy(proxy).noProxyFor("localhost", "127.0.0.1", "[::1]"))
        .orElse(own);
  }

  /** Returns the run, once its settings were read. */
  protected final Run run() {
    return run;
  }

  /** Adds the warm-up, whose users arrive evenly over its length; none if {@code -Dwarmup=0s}. */
  protected final void warmUp(ChainBuilder journey, int users) {
    Duration length = run.common.warmup();
    if (!length.isZero()) {
      warmUp(journey, rampUsers(run.common.shard().of(users)).during(length));
    }
  }

  /** Adds a warm-up with arrivals of its own. */
  protected final void warmUp(ChainBuilder journey, OpenInjectionStep arrivals) {
    ChainBuilder begin = exec(GatlingRecords.doing(session -> run.beginWarmUp()));
    populations.add(scenario(WARM_UP).exec(begin, journey).injectOpen(arrivals));
  }

  /** Adds users who arrive when those added before have left. */
  protected final void measure(PopulationBuilder users) {
    if (collected.isEmpty()) {
      collected = Optional.of(new CompletableFuture<>());
      populations.add(collection(collected.get()));
    }
    populations.add(users);
  }

  /**
   * A single user, who waits without blocking an event loop until the live heaps are read, and
   * until the common start of several generators is near.
   */
  private PopulationBuilder collection(CompletableFuture<Void> done) {
    return scenario("live heap")
        .exec(
            GatlingRecords.doing(
                session -> {
                  var unused =
                      run.processes().readHeapsBefore().whenComplete((x, e) -> done.complete(null));
                }))
        .asLongAs(session -> !done.isDone() || run.start.isEarly())
        .on(pause(Duration.ofMillis(50)))
        .injectOpen(atOnceUsers(1));
  }

  /** Sets the simulation up: the populations added, one after the other, then the judge. */
  protected final void play(HttpProtocolBuilder protocol, Load load, Audit audit) {
    judge = new Judge(run, load, audit);
    PopulationBuilder chain =
        scenario(VERDICT)
            .exec(GatlingRecords.onBuild(run::probe))
            .exec(group(VERDICT).on(exec(GatlingRecords.action(this::judge))))
            .injectOpen(atOnceUsers(1));
    for (int last = populations.size() - 1; last >= 0; last--) {
      chain = populations.get(last).andThen(chain);
    }
    setUp(start(), chain)
        .protocols(with(run.common.access(), protocol))
        .assertions(details(VERDICT, OVERALL).failedRequests().count().is(0L))
        .maxDuration(run.settings.longest().plus(run.start.ahead()));
  }

  /** A single user, whose record Gatling has even of a run in which no target ever answers. */
  private static PopulationBuilder start() {
    return scenario("start")
        .exec(
            GatlingRecords.metrics(
                (sink, session) -> {
                  sink.log(session, "started", 0, null);
                  return session;
                }))
        .injectOpen(atOnceUsers(1));
  }

  /** Runs a preparation; on a failure explains it and ends the process. */
  private static <T> T orRefuse(Callable<T> preparation) {
    try {
      return preparation.call();
    } catch (BadSettings e) {
      Console.refuse(e.errors());
    } catch (StackFailure e) {
      Console.refuse(List.of(e.getMessage()));
    } catch (IOException e) {
      Console.refuse(
          List.of("-Doutput-dir: cannot write the run folder (" + e + "); name one that you may"));
    } catch (Exception e) {
      throw new IllegalStateException("a mistake in the simulation itself", e);
    }
    throw new IllegalStateException("unreachable: the process has ended");
  }

  @Override
  public final void before() {
    CommonSettings common = run.common;
    Console.line("");
    Console.line("gauntlet " + common.simulation() + ", profile " + common.profile());
    Console.line("  " + run.settings.sentence());
    Console.line("  seed " + common.seed());
    common.thresholds().forEach(limit -> Console.line("  threshold " + limit.text()));
    Console.line(
        "  compares with "
            + common.baselines().file(common.simulation(), common.profile())
            + (common.choices().failOnRegression() ? ", and fails on a regression" : ""));
    Console.line("  run folder " + run.folder().path());
    run.live.page().ifPresent(page -> Console.line("  live page  " + page));
    Console.line("");
    orRefuse(
        () -> {
          run.start(judge);
          return run;
        });
  }

  @Override
  public final void after() {
    run.end();
  }

  private Session judge(GatlingRecords.Sink sink, Session session) {
    Judgement judgement = run.judge();
    for (Check check : judgement.verdict().checks()) {
      boolean goesOn = check.outcome().isGood() || !judgement.verdict().binds(check);
      sink.log(session, check.name(), 1, goesOn ? null : check.reason());
    }
    boolean good = judgement.verdict().letsBuildGoOn();
    sink.log(session, OVERALL, 1, good ? null : judgement.verdict().sentence());
    Console.verdict(judgement, run);
    return session;
  }
}
