package simulations.events;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import simulations.events.WatcherLog.Seen;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.Numbers;

/** The checks of the watcher simulation. */
public final class WatcherAudit extends EventsAudit<WatcherLoad> {
  public WatcherAudit(WatcherLoad load) {
    super(load);
  }

  @Override
  public void settle() {
    load.end();
    super.settle();
  }

  @Override
  public void check(Checks checks) {
    events(checks);
    returns(checks);
    int threads = load.plan.threadsMax();
    check(
        checks,
        "one_watcher",
        "1 in each stage",
        seen -> seen.watchersMax == 1 && (isChurn(seen) || seen.watchersMin == 1),
        seen -> Numbers.count(seen.watchersMax) + " watchers for " + clients(seen),
        "/watchers");
    check(
        checks,
        "all_registered",
        "each client once",
        seen -> isChurn(seen) || seen.registeredMax == seen.clients,
        seen -> Numbers.count(seen.registeredMax) + " registrations of " + clients(seen),
        "/registered_events");
    check(
        checks,
        "watcher_restarts",
        "started once and stopped in each stage",
        seen -> seen.idle && (isChurn(seen) ? seen.started > 0 : seen.started == 1),
        seen ->
            Numbers.count(seen.started)
                + (seen.idle ? " starts for " : " starts and no stop for ")
                + clients(seen),
        "/watchers_started");
    check(
        checks,
        "threads_bounded",
        "<= " + threads,
        seen -> seen.threadsMax <= threads,
        seen -> Numbers.count(seen.threadsMax) + " threads with " + clients(seen),
        "/num_threads");
  }

  private void check(
      Checks checks,
      String name,
      String limit,
      Predicate<Seen> holds,
      Function<Seen, String> words,
      String pointer) {
    List<Seen> all = load.log.stages();
    List<Seen> bad = all.stream().filter(holds.negate()).toList();
    checks
        .of(name)
        .reads(targets.counted(), EventsTargets.NO_COUNTERS, pointer)
        .judge(
            () -> {
              String figure =
                  (bad.isEmpty() ? all : bad).stream().map(words).collect(Collectors.joining("; "));
              boolean read = all.stream().allMatch(seen -> seen.readings > 0) && !all.isEmpty();
              return Finding.of(bad.isEmpty(), figure, limit, figure + ".", figure + ".")
                  .onlyIf(read, "The server's metrics were not read in every stage.");
            });
  }

  private static boolean isChurn(Seen seen) {
    return seen.stage.equals(WatcherLoad.CHURN);
  }

  private static String clients(Seen seen) {
    return Numbers.count(seen.clients) + " clients";
  }
}
