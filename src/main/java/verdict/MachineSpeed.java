package verdict;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
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
        name ->
            Stream.ofNullable(baseline.kpis().get(name))
                .map(spread -> Change.of(name, spread, run.report(), null)));
  }

  static MachineSpeed of(List<Change> changes) {
    return of(name -> changes.stream().filter(change -> change.name().equals(name)));
  }

  private static MachineSpeed of(Function<String, Stream<Change>> changes) {
    boolean alike =
        changes
            .apply(LOAD)
            .map(Change::changePct)
            .anyMatch(percent -> percent != null && Math.abs(percent) <= ALIKE_PCT);
    return new MachineSpeed(
        alike
            ? changes.apply(CPU).filter(c -> c.changePct() != null).findFirst()
            : Optional.empty());
  }

  /**
   * Returns how many times slower the machine is; 1 unless the baseline's runs do not explain it.
   */
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
