package simulations.run;

import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.commons.validation.Success;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.SessionHook;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import scala.Option;

/**
 * Records of our own in Gatling's log, so that its report shows them. The one place that reaches
 * below Gatling's Java API, which offers no way to do this.
 */
public final class GatlingRecords {
  /** Takes one record. */
  public interface Sink {
    /**
     * Logs one record under the user's current groups.
     *
     * @param session the user
     * @param name the record's name in the report
     * @param ms how long it took; it ends now
     * @param failure why it is KO, or null if it is OK
     */
    void log(Session session, String name, double ms, String failure);
  }

  private GatlingRecords() {}

  /** An action that runs a function of the session and may log records. */
  public static ActionBuilder action(BiFunction<Sink, Session, Session> function) {
    return withCore(
        core -> {
          Sink sink =
              (session, name, ms, failure) -> {
                long now = core.clock().nowMillis();
                Status status = failure == null ? OK$.MODULE$ : KO$.MODULE$;
                core.statsEngine()
                    .logResponse(
                        session.asScala().scenario(),
                        session.asScala().groups(),
                        name,
                        now - Math.round(ms),
                        now,
                        status,
                        Option.empty(),
                        Option.apply(failure));
              };
          return session -> function.apply(sink, session);
        });
  }

  /**
   * An action that does nothing for users; while the scenario is built, it hands over Gatling's
   * components.
   */
  public static ActionBuilder onBuild(Consumer<CoreComponents> consumer) {
    return withCore(
        core -> {
          consumer.accept(core);
          return session -> session;
        });
  }

  private interface Hook {
    Session apply(Session session);
  }

  private interface HookFactory {
    Hook make(CoreComponents core);
  }

  private static ActionBuilder withCore(HookFactory factory) {
    return () ->
        (context, next) -> {
          CoreComponents core = context.coreComponents();
          Hook hook = factory.make(core);
          return new SessionHook(
              session -> new Success<>(hook.apply(new Session(session)).asScala()),
              "gauntlet",
              core.statsEngine(),
              next);
        };
  }
}
