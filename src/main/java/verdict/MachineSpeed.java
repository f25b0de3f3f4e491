package verdict;

import java.util.List;
import java.util.Optional;
import kpi.Kpi;
import kpi.KpiReport;
import verdict.Change.Trend;

/**
 * How fast the machine is beside its speed in the baseline's runs, by the generator's own CPU an
 * event: its work is the same for every target. Part of that does not come with events, so it tells
 * nothing if there were fewer or more of them.
 *
 * @param own change of the generator's CPU an event; empty if it tells nothing
 */
record MachineSpeed(Optional<Change> own) {
  private static final String CPU = Kpi.CPU_US_PER_EVENT.of(KpiReport.INJECTOR);
  private static final String LOAD = Kpi.MESSAGES_PER_S.word();

  /** How much the load may differ: the CPU an event does by no more than that. */
  private static final double ALIKE_PCT = 5;

  static MachineSpeed of(Baseline baseline, RunRecord run) {
    return of(
        baseline.kpis().entrySet().stream()
            .map(each -> Change.of(each.getKey(), each.getValue(), run.report(), null))
            .toList());
  }

  static MachineSpeed of(List<Change> changes) {
    boolean alike =
        known(changes, LOAD).filter(load -> Math.abs(load.changePct()) <= ALIKE_PCT).isPresent();
    return new MachineSpeed(alike ? known(changes, CPU) : Optional.empty());
  }

  private static Optional<Change> known(List<Change> changes, String name) {
    return changes.stream()
        .filter(change -> change.name().equals(name) && change.changePct() != null)
        .findFirst();
  }

  /** Returns how many times slower the machine is, if that is beyond the noise; else 1. */
  double slower() {
    return own.filter(change -> change.trend() == Trend.WORSE)
        .map(change -> 1 + change.changePct() / 100)
        .orElse(1.0);
  }

  /** Returns a sentence about a machine of another speed, after a space; empty without. */
  String sentence() {
    return own.map(
            change ->
                switch (change.trend()) {
                  case BETTER -> sentence(change, "a faster machine may hide what got slower");
                  case WORSE -> sentence(change, "the machine may be slower than it was");
                  default -> "";
                })
        .orElse("");
  }

  private static String sentence(Change change, String meaning) {
    return Numbers.sentence(
        " The generator's own CPU an event changed by %s: %s.",
        Numbers.change(change.changePct()), meaning);
  }
}
