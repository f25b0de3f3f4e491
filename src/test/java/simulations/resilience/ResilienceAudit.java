package simulations.resilience;

import faults.ClockStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import kpi.Kpi;
import kpi.Percentiles;
import simulations.resilience.FaultLog.Part;
import simulations.resilience.FaultedSystem.Service;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Seat.Connection;
import verdict.Numbers;

/**
 * Checks that nothing was lost that may not be, that parts which a fault does not concern went on
 * as before, and that everything was there again within its bound.
 */
public final class ResilienceAudit implements Audit {
  /** How much slower answers may be while a part is away that they do not need. */
  private static final double UNAFFECTED = 1.2;

  /** Most connections a second to a server that is away, of all that a target needs. */
  private static final double RECONNECTS_PER_S = 60;

  private static final double NEVER_S = Double.POSITIVE_INFINITY;

  private static final String NO_REQUEST = "No request was under way during a fault.";

  private final ResilienceLoad load;
  private final ResilienceSettings settings;
  private final Service service;
  private PhaseFigures figures;

  public ResilienceAudit(ResilienceLoad load) {
    this.load = load;
    this.settings = load.settings;
    this.service = load.system.service();
  }

  @Override
  public void settle() {
    load.faults.close();
    load.system.settle();
    figures = load.conclude();
  }

  @Override
  public void check(Checks checks) {
    checks.validity("faults_struck").judge(this::struck);
    checks
        .validity("clocks_agree")
        .needs(!settings.struck(ClockStep.class::isInstance).isEmpty(), "The plan steps no clock.")
        .judge(load.clocks::find);
    load.system.check(checks);
    unaffected(checks);
    int without = figures.unexplained(settings.faults().bounds().recoverWithin().toNanos()).size();
    String outside = "failed outside of the faults and the time soon after their repairs";
    checks.of("failures_by_faults").none(without, "requests", outside);
    ResilienceSettings.Bounds bounds = settings.faults().bounds();
    String what = service.noun() + " were answered without errors";
    within(checks.of("service_recovered"), bounds.recoverWithin(), what, Kpi.RECOVERY);
    within(
        checks
            .of("backlog_drained")
            .needs(load.system.backlog().isPresent(), "Nothing is behind the service."),
        bounds.drainWithin(),
        "the archive had caught up",
        Kpi.BACKLOG_DRAIN);
    what = "every client was connected";
    within(checks.of("clients_back"), bounds.backWithin(), what, Kpi.CLIENTS_BACK);
    checks.of("clients_there").judge(this::there);
  }

  private Finding struck() {
    int planned = settings.plan().strikes().size();
    List<String> failures = load.log.failures();
    int struck = figures.aftermaths().size();
    String why = failures.isEmpty() ? "the run ended first" : String.join("; ", failures);
    return Finding.of(
        struck == planned && failures.isEmpty(),
        Numbers.count(struck) + " of " + Numbers.count(planned),
        "all, and healed",
        "Every fault of the plan struck and was healed.",
        "The plan was not carried out: " + why + ".");
  }

  /** Judges the last connection of each client; those of a load without any are not clients. */
  private Finding there() {
    int clients = figures.users().size();
    long away =
        figures.users().stream()
            .map(each -> each.get(each.size() - 1))
            .filter(Connection::lost)
            .count();
    Finding found =
        Finding.of(
            away == 0,
            Numbers.count(clients - away) + " clients",
            "all " + Numbers.count(clients),
            "Every client was there in the end.",
            Numbers.count(away) + " clients were cut off and not there in the end.");
    return clients > 0 ? found : found.inconclusive("No client connected.");
  }

  /**
   * Declares what holds of requests while parts are away that they do not need, and of refusals.
   */
  private void unaffected(Checks checks) {
    boolean unknown = settings.strikesOthers();
    boolean concerned = settings.strikesAny(service.needed()) || unknown;
    String why =
        unknown
            ? "What needs a part is known by its name: give it that of a part of the system."
            : "The plan strikes what " + service.noun() + " need.";
    long failed = figures.failed(Part.DURING);
    String bad = " requests failed during faults that do not concern them.";
    Finding untouched =
        Finding.of(
            failed == 0,
            Numbers.count(failed) + " failed",
            "none",
            "No request failed during faults that do not concern it.",
            Numbers.count(failed) + bad);
    boolean any = figures.requests(Part.DURING) > 0;
    checks
        .of(service.noun() + "_unaffected")
        .needs(!concerned, why)
        .judge(() -> any ? untouched : untouched.inconclusive(NO_REQUEST));
    checks
        .of(service.noun() + "_as_fast")
        .needs(!concerned, why)
        .needs(!service.compared().isEmpty(), "Answers of " + service.noun() + " are not compared.")
        .judge(this::asFast);
    checks
        .of("reconnects_paced")
        .needs(
            settings.plan().strikes().stream().anyMatch(Reconnections::isSeen),
            "The plan has no link to a server on which connections are seen.")
        .judge(this::paced);
    checks
        .of("answers_in_time")
        .needs(!service.door().isEmpty(), "Streams that stay open have no answers to wait for.")
        .needs(!unknown, why)
        .needs(!settings.strikesAny(service.door()), "Nothing refuses while its part is away.")
        .judge(this::inTime);
  }

  private Finding paced() {
    double most = load.reconnections.mostPerS().orElse(0);
    return Finding.of(
            most <= RECONNECTS_PER_S,
            Numbers.words(most, "1/s"),
            "<= " + Numbers.words(RECONNECTS_PER_S, "1/s"),
            "A target whose server was away waited before it connected again.",
            "A target whose server was away connected again without a pause.")
        .onlyIf(load.reconnections.mostPerS().isPresent(), "No such link was struck.");
  }

  private Finding inTime() {
    List<OptionalDouble> slowest = figures.aftermaths().stream().map(Aftermath::slowestMs).toList();
    double most = slowest.stream().flatMapToDouble(OptionalDouble::stream).max().orElse(0);
    double bound = settings.faults().bounds().refuseWithin().toMillis();
    String waited = Numbers.words(most, "ms");
    Finding found =
        Finding.of(
            most <= bound,
            waited,
            "<= " + Numbers.words(bound, "ms"),
            "Every request was answered or refused in time.",
            "A request waited " + waited + " while a part was away; it should have been refused.");
    boolean unknown = slowest.isEmpty() || slowest.contains(OptionalDouble.empty());
    return most <= bound && unknown ? found.inconclusive(NO_REQUEST) : found;
  }

  /** Compares the 99th percentiles, or the 95th ones if there are too few answers for those. */
  private Finding asFast() {
    Percentiles before = figures.compared(Part.BEFORE);
    Percentiles during = figures.compared(Part.DURING);
    boolean many = before.stat("p99").isPresent() && during.stat("p99").isPresent();
    String stat = many ? "p99" : "p95";
    double usualMs = before.stat(stat).orElse(0);
    double nowMs = during.stat(stat).orElse(0);
    double slackMs = settings.faults().bounds().latencySlack().toMillis();
    double limitMs = Math.max(UNAFFECTED * usualMs, usualMs + slackMs);
    Finding finding =
        Finding.of(
            nowMs <= limitMs,
            Numbers.words(nowMs, "ms") + ", before " + Numbers.words(usualMs, "ms"),
            stat + " <= " + Numbers.words(limitMs, "ms"),
            "Answers were as fast as before during faults that do not concern them.",
            "Answers became slower during faults that do not concern them.");
    return before.stat(stat).isPresent() && during.stat(stat).isPresent()
        ? finding
        : finding.inconclusive("There were too few answers before or during the faults.");
  }

  private void within(Checks.Declared check, Duration bound, String what, Kpi kpi) {
    double most = 0;
    List<String> late = new ArrayList<>();
    for (Aftermath each : figures.aftermaths()) {
      double tookS = each.figures().getOrDefault(kpi, NEVER_S);
      most = Math.max(most, tookS);
      if (tookS * 1e3 > bound.toMillis()) {
        String when =
            tookS == NEVER_S ? " never" : String.format(Locale.ROOT, " after %.1f s", tookS);
        late.add(each.window().strike().name() + when);
      }
    }
    String took = Numbers.words(most, "s");
    String all = String.join(", ", late);
    check.judge(
        () ->
            Finding.of(
                late.isEmpty(),
                late.isEmpty() ? took : all,
                "<= " + Numbers.words(bound.toMillis() / 1e3, "s"),
                "After each repair, " + what + " within the bound.",
                "Not within the bound after its repair, " + what + ": " + all + "."));
  }
}
