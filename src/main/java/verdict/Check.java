package verdict;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A check of a run and its outcome.
 *
 * @param name lower case with underscores; an API, like the names of KPIs
 * @param figure what was found, with its unit
 * @param limit what is required, with its unit
 * @param reason one sentence for a reader who sees nothing else
 */
public record Check(
    String name, Kind kind, Outcome outcome, String figure, String limit, String reason) {
  public Check {
    name = name.isEmpty() ? "(unnamed)" : name;
  }

  /** What a check is about, in the order in which checks are reported. */
  public enum Kind {
    /** Whether the run can be believed. */
    VALIDITY,
    /** What must hold in any run, under any load. */
    INVARIANT,
    /** A figure against an absolute bound. */
    THRESHOLD,
    /** A figure against the baseline. */
    BASELINE;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The outcome of a check or of a run, from best to worst. */
  public enum Outcome {
    /** It could not be made in this run, for the reason that it states; never decides a verdict. */
    NOT_EVALUATED,
    /** It holds, with enough evidence. */
    PASS,
    /** It holds, but deserves a look. */
    WARN,
    /** There is not enough evidence; never counts as passed. */
    INCONCLUSIVE,
    /** It does not hold. */
    FAIL,
    /** The run cannot be believed, so nothing it measured is compared with anything. */
    INVALID;

    /** Returns true for an outcome with which a build goes on. */
    public boolean isGood() {
      return compareTo(WARN) <= 0;
    }

    /** Returns the worst outcome; {@link #INCONCLUSIVE} if none was evaluated. */
    public static Outcome worst(Collection<Outcome> outcomes) {
      return outcomes.stream()
          .filter(outcome -> outcome != NOT_EVALUATED)
          .max(Comparator.naturalOrder())
          .orElse(INCONCLUSIVE);
    }
  }

  /** Returns a check of a run's validity: PASS or INVALID. */
  public static Check validity(
      String name, boolean holds, String figure, String limit, String reason) {
    Outcome outcome = holds ? Outcome.PASS : Outcome.INVALID;
    return new Check(name, Kind.VALIDITY, outcome, figure, limit, reason);
  }

  /**
   * Returns a check of a run's validity that holds if nothing is wrong.
   *
   * @param wrong what is wrong, which is then the figure
   * @param figure what was found right
   * @param bad the reason if something is wrong, with %s for all of it
   */
  static Check none(
      String name, List<String> wrong, String figure, String limit, String good, String bad) {
    String all = String.join(", ", wrong);
    return wrong.isEmpty()
        ? validity(name, true, figure, limit, good)
        : validity(name, false, all, limit, bad.replace("%s", all));
  }

  /** Returns a check of something that must always hold: PASS or FAIL. */
  public static Check invariant(
      String name, boolean holds, String figure, String limit, String reason) {
    Outcome outcome = holds ? Outcome.PASS : Outcome.FAIL;
    return new Check(name, Kind.INVARIANT, outcome, figure, limit, reason);
  }

  /** Returns the same check as one that could not be made. */
  public Check notEvaluated(String why) {
    return new Check(name, kind, Outcome.NOT_EVALUATED, "", limit, why);
  }

  /** Returns the same check without enough evidence. */
  public Check inconclusive(String why) {
    return with(Outcome.INCONCLUSIVE, why);
  }

  Check with(Outcome other, String why) {
    return new Check(name, kind, other, figure, limit, why);
  }
}
