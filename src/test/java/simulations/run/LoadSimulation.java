package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import settings.BadSettings;
import stack.StackFailure;
import verdict.Check;
import verdict.Judgement;

/**
 * The protocol that every run follows: ready, warm-up, measure, reconcile, verdict. The verdict is
 * a last population of one user, who logs one record for each check, so that Gatling's own
 * assertions and report carry it.
 */
public abstract class LoadSimulation extends Simulation {
  private static final String VERDICT = "verdict";
  private static final String OVERALL = "overall";

  private Run run;
  private Audit audit;

  /** For subclasses, which call {@link #prepared} before {@code setUp}. */
  protected LoadSimulation() {}

  /**
   * Runs what must succeed before anything is injected; explains itself and ends the process if it
   * does not.
   */
  protected static <T> T orRefuse(Callable<T> preparation) {
    try {
      return preparation.call();
    } catch (BadSettings e) {
      Console.refuse(e.errors());
    } catch (StackFailure e) {
      Console.refuse(List.of(e.getMessage()));
    } catch (IOException e) {
      Console.refuse(List.of("cannot prepare the run folder: " + e));
    } catch (Exception e) {
      throw new IllegalStateException("a mistake in the simulation itself", e);
    }
    throw new IllegalStateException("unreachable: the process has ended");
  }

  /** Everything that the run needs is there. */
  protected final void prepared(Run preparedRun, Audit preparedAudit) {
    run = preparedRun;
    audit = preparedAudit;
  }

  @Override
  public final void before() {
    RunPlan plan = run.plan();
    Console.line("");
    Console.line("gauntlet " + plan.simulation() + ", profile " + plan.profile());
    Console.line("  " + plan.sentence());
    Console.line("  seed " + plan.seed());
    plan.thresholds().forEach(limit -> Console.line("  asks " + limit.text()));
    Console.line(
        "  compares with "
            + plan.options().baselines().file(plan.simulation(), plan.profile())
            + (plan.options().failOnRegression() ? ", and fails on a regression" : ""));
    Console.line("  run folder " + run.folder().path());
    Console.line("");
    orRefuse(
        () -> {
          run.start(audit);
          return run;
        });
  }

  @Override
  public final void after() {
    run.end(audit);
  }

  /** The last population: one user who judges. */
  protected final PopulationBuilder judge() {
    ScenarioBuilder scenario =
        scenario(VERDICT)
            .exec(GatlingRecords.onBuild(core -> run.probe(core.eventLoopGroup())))
            .exec(group(VERDICT).on(exec(GatlingRecords.action(this::judge))));
    return scenario.injectOpen(atOnceUsers(1));
  }

  /** Fails the build unless the verdict lets it go on; also if there is none. */
  protected static Assertion verdictIsGood() {
    return details(VERDICT, OVERALL).failedRequests().count().is(0L);
  }

  private Session judge(GatlingRecords.Sink sink, Session session) {
    Judgement judgement = run.judge(audit);
    for (Check check : judgement.verdict().checks()) {
      boolean goesOn = check.outcome().isGood() || !judgement.verdict().binds(check);
      sink.log(session, check.name(), 1, goesOn ? null : check.reason());
    }
    boolean good = judgement.verdict().letsBuildGoOn();
    sink.log(session, OVERALL, 1, good ? null : judgement.verdict().sentence());
    Console.verdict(judgement, run.folder());
    return session;
  }
}
