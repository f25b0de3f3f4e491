package simulations.run;

import java.util.Map;
import java.util.Set;
import kpi.Distribution;
import kpi.Kpi;
import verdict.Check;
import verdict.Check.Outcome;
import verdict.Validity;

/**
 * A failure around the load, in a sentence for the reader.
 *
 * @param atS seconds of the run
 */
record Trouble(Kind kind, String sentence, double atS) {
  private static final Set<Kpi> OF_GENERATOR = Set.of(Kpi.START_LAG, Kpi.GENERATOR_LAG);

  enum Kind {
    /** A target ended by itself; the run still describes it: it is valid, and fails. */
    TARGET_DIED("Every target lived through it.", "Under load, "),
    /** Streams were still open when the run's time was up; it is valid, and fails. */
    HUNG("No stream was left hanging.", "Under load, "),
    /** The run was interrupted, short of memory, or could not write; it is not valid. */
    CUT("The run came to its own end.", "The run did not come to its own end: ");

    final String absent;
    final String before;

    Kind(String absent, String before) {
      this.absent = absent;
      this.before = before;
    }
  }

  /**
   * Returns a check without blame for the load that was not offered: users stop as soon as a target
   * is gone.
   */
  Check excuse(Check check) {
    boolean lacks = check.name().equals(Validity.OFFERED) && check.outcome() == Outcome.INVALID;
    return lacks && kind != Kind.CUT
        ? check.notEvaluated("The load ended early: " + sentence + ".")
        : check;
  }

  /** Returns the sentence of streams that were still open, by what was recorded until then. */
  static String hung(int open, Map<Kpi, Distribution> recorded) {
    boolean answered =
        recorded.entrySet().stream()
            .filter(each -> each.getValue().sum().count() > 0) // Some are there from the start.
            .anyMatch(each -> !OF_GENERATOR.contains(each.getKey()));
    String hung = open + " streams had not ended when the run's time was up";
    return hung + (answered ? "" : "; no request had an answer");
  }
}
