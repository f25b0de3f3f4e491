package simulations.auction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simulations.auction.StepLimits.Use;
import simulations.auction.StepSchedule.Step;

/** The steps as a person reads them. */
final class StepTable {
  private StepTable() {}

  /** One line for one step, as soon as it is over. */
  static String line(Step step) {
    return String.format(
        Locale.ROOT,
        "  step %2d  offered %,8.0f/s  decided %,8.0f/s  p99 %8.1f ms  errors %5.2f %%  generator"
            + " late %6.1f ms  %s",
        step.number(),
        step.offeredPerS(),
        step.decidedPerS(),
        step.p99Ms(),
        step.errorPct(),
        step.wakeLagMs(),
        step.isGood() ? "good" : "broken");
  }

  /** All steps, with the CPU that each process used. */
  static List<String> lines(List<Use> uses) {
    List<String> lines = new ArrayList<>();
    for (Use use : uses) {
      StringBuilder line = new StringBuilder(line(use.step()));
      line.append(String.format(Locale.ROOT, "  machine %.2f cores", use.machineCores()));
      use.cores()
          .forEach(
              (name, cores) -> line.append(String.format(Locale.ROOT, " %s %.2f", name, cores)));
      lines.add(line.toString());
    }
    return lines;
  }
}
