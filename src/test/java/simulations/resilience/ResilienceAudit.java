package simulations.resilience;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import kpi.Phase;
import simulations.auction.AuctionAudit;
import simulations.auction.AuctionRecorder;
import simulations.auction.Broadcasts;
import simulations.resilience.PhaseFigures.Part;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.Numbers;

/**
 * Checks that nothing was lost, that parts which a fault does not concern went on as before, and
 * that everything was there again within its bound.
 */
public final class ResilienceAudit extends AuctionAudit {
  /** How much slower bids may be while a part is away that they do not need. */
  private static final double UNAFFECTED = 1.2;

  private static final String NO_REQUEST = "No request was under way while a part was away.";

  private final ResilienceLoad load;
  private final ResilienceSettings settings;
  private final Broadcasts broadcasts;
  private PhaseFigures figures;

  public ResilienceAudit(ResilienceLoad load) {
    super(load, 0);
    this.load = load;
    this.settings = load.settings;
    this.broadcasts = new Broadcasts(load.recording(Phase.MEASURE).tally(), true);
  }

  @Override
  public void settle() {
    load.heal();
    super.settle();
    load.items(Phase.MEASURE).forEach(broadcasts::compare);
    figures = load.conclude();
  }

  @Override
  public void check(Checks checks) {
    int planned = settings.plan().strikes().size();
    List<String> failures = load.log.failures();
    int struck = figures.aftermaths().size();
    checks
        .validity("faults_struck")
        .judge(
            () ->
                Finding.of(
                    struck == planned && failures.isEmpty(),
                    Numbers.count(struck) + " of " + Numbers.count(planned),
                    "all, and healed",
                    "Every fault of the plan struck and was healed.",
                    "The plan was not carried out: "
                        + (failures.isEmpty() ? "the run ended first" : String.join("; ", failures))
                        + "."));
    checkBids(checks);
    broadcasts.check(checks, settings.load().viewing());
    unaffected(checks);
    within(
        checks,
        "service_recovered",
        settings.load().recoverWithin().toMillis(),
        "bids were decided without errors",
        Aftermath::recovery);
    within(
        checks,
        "backlog_drained",
        settings.auction().service().drainWithin().toMillis(),
        "the archive had caught up",
        Aftermath::drain);
    within(
        checks,
        "viewers_back",
        settings.load().backWithin().toMillis(),
        "every viewer was connected",
        Aftermath::back);
    long there =
        load.items(Phase.MEASURE).get(0).viewers().stream()
            .filter(AuctionRecorder::survived)
            .count();
    int viewing = settings.load().viewing();
    checks
        .of("viewers_there")
        .judge(
            () ->
                Finding.of(
                    there == viewing,
                    Numbers.count(there) + " viewers",
                    "all " + Numbers.count(viewing),
                    "Every viewer was connected when the item was closed.",
                    Numbers.count(viewing - there) + " viewers were not there in the end."));
  }

  /** Declares what holds of bids while other parts are away, and of refusals. */
  private void unaffected(Checks checks) {
    boolean concerned = settings.strikes("bids", "redis", "users-bids", "bids-redis");
    String why = "The plan strikes what bids need.";
    long failed = figures.failed(Part.DURING);
    Finding untouched =
        Finding.of(
            failed == 0,
            Numbers.count(failed) + " failed",
            "none",
            "No request failed while a part that bids do not need was away.",
            Numbers.count(failed)
                + " requests failed while only a part was away that bids do not need.");
    boolean any = figures.requests(Part.DURING) > 0;
    checks
        .of("bids_unaffected")
        .needs(!concerned, why)
        .judge(() -> any ? untouched : untouched.inconclusive(NO_REQUEST));
    checks.of("bids_as_fast").needs(!concerned, why).judge(this::asFast);
    checks
        .of("answers_in_time")
        .needs(
            !settings.strikes("bids", "users-bids"),
            "Nothing refuses while the bid service is away.")
        .judge(this::inTime);
  }

  private Finding inTime() {
    List<OptionalDouble> slowest = figures.aftermaths().stream().map(Aftermath::slowestMs).toList();
    double most = slowest.stream().flatMapToDouble(OptionalDouble::stream).max().orElse(0);
    double bound = settings.load().refuseWithin().toMillis();
    Finding found =
        Finding.of(
            most <= bound,
            Numbers.words(most, "ms"),
            "<= " + Numbers.words(bound, "ms"),
            "Every request was decided or refused in time.",
            "A request waited "
                + Numbers.words(most, "ms")
                + " while a part was away; it should have been refused.");
    boolean unknown = slowest.isEmpty() || slowest.contains(OptionalDouble.empty());
    return most <= bound && unknown ? found.inconclusive(NO_REQUEST) : found;
  }

  private Finding asFast() {
    OptionalDouble before = figures.answerP95(Part.BEFORE);
    OptionalDouble during = figures.answerP95(Part.DURING);
    double slack = settings.load().latencySlack().toMillis();
    double limit = Math.max(UNAFFECTED * before.orElse(0), before.orElse(0) + slack);
    Finding finding =
        Finding.of(
            during.orElse(0) <= limit,
            Numbers.words(during.orElse(0), "ms")
                + ", before "
                + Numbers.words(before.orElse(0), "ms"),
            "p95 <= " + Numbers.words(limit, "ms"),
            "Bids were as fast as before while a part was away that they do not need.",
            "Bids became slower while a part was away that they do not need.");
    return before.isPresent() && during.isPresent()
        ? finding
        : finding.inconclusive("There were too few answers before or during the faults.");
  }

  private void within(
      Checks checks,
      String name,
      long boundMs,
      String what,
      Function<Aftermath, OptionalDouble> time) {
    List<String> late =
        figures.aftermaths().stream()
            .filter(each -> time.apply(each).orElse(Double.MAX_VALUE) * 1e3 > boundMs)
            .map(each -> each.window().strike().name() + words(time.apply(each)))
            .toList();
    double most =
        figures.aftermaths().stream()
            .flatMapToDouble(each -> time.apply(each).stream())
            .max()
            .orElse(0);
    checks
        .of(name)
        .judge(
            () ->
                Finding.of(
                    late.isEmpty(),
                    late.isEmpty() ? Numbers.words(most, "s") : String.join(", ", late),
                    "<= " + Numbers.words(boundMs / 1e3, "s"),
                    "After each repair, " + what + " within the bound.",
                    "Not within the bound after its repair, "
                        + what
                        + ": "
                        + String.join(", ", late)
                        + "."));
  }

  private static String words(OptionalDouble seconds) {
    return seconds.isPresent()
        ? String.format(Locale.ROOT, " after %.1f s", seconds.getAsDouble())
        : " never";
  }
}
