package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.validation.Success;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.SessionHook;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import kpi.Outcome;
import scala.Option;

/**
 * Records of our own in Gatling's log, so that its report shows them. The one place that reaches
 * below Gatling's Java API, which offers no way to do this.
 */
public final class GatlingRecords {
  /** Takes records, which end when they are logged. */
  public record Sink(CoreComponents core) {
    /**
     * Logs one record under the user's current groups.
     *
     * @param failure why it is KO, or null if it is OK
     */
    public void log(Session session, String name, double ms, String failure) {
      long now = core.clock().nowMillis();
      core.statsEngine()
          .logResponse(
              session.asScala().scenario(),
              session.asScala().groups(),
              name,
              now - Math.round(ms),
              now,
              failure == null ? OK$.MODULE$ : KO$.MODULE$,
              Option.empty(),
              Option.apply(failure));
    }

    /** Logs a record that is OK if the outcome is no failure. */
    public void ended(Session session, String name, double ms, Outcome outcome) {
      boolean good = outcome == Outcome.OK || outcome == Outcome.CANCELLED;
      log(session, name, ms, good ? null : outcome.counter());
    }
  }

  private GatlingRecords() {}

  /** Returns a step that does something and leaves the session as it is. */
  public static Function<Session, Session> doing(Consumer<Session> effect) {
    return session -> {
      effect.accept(session);
      return session;
    };
  }

  /** Runs a function that logs records in the group of those that are not requests. */
  public static ChainBuilder metrics(BiFunction<Sink, Session, Session> function) {
    return group("metrics").on(exec(action(function)));
  }

  /** An action that runs a function of the session and may log records. */
  public static ActionBuilder action(BiFunction<Sink, Session, Session> function) {
    return withSink(sink -> session -> function.apply(sink, session));
  }

  /**
   * An action that does nothing for users; while the scenario is built, it hands over Gatling's
   * components.
   */
  public static ActionBuilder onBuild(Consumer<CoreComponents> consumer) {
    return withSink(
        sink -> {
          consumer.accept(sink.core);
          return session -> session;
        });
  }

  private static ActionBuilder withSink(Function<Sink, UnaryOperator<Session>> factory) {
    return () ->
        (context, next) -> {
          CoreComponents core = context.coreComponents();
          UnaryOperator<Session> hook = factory.apply(new Sink(core));
          return new SessionHook(
              session -> new Success<>(hook.apply(new Session(session)).asScala()),
              "gauntlet",
              core.statsEngine(),
              next);
        };
  }
}
