package verdict;

import java.util.Collection;
import java.util.Comparator;

/** The outcome of a check or of a run, from best to worst. */
public enum Grade {
  /** It holds, and there is enough evidence to say so. */
  PASS,
  /** It holds, but somebody should look. */
  WARN,
  /** There is not enough evidence to say; never counts as passed. */
  INCONCLUSIVE,
  /** It does not hold. */
  FAIL,
  /** The run cannot be believed, so that nothing it measured is compared with anything. */
  INVALID;

  /** True for what lets a build go on. */
  public boolean isGood() {
    return this == PASS || this == WARN;
  }

  /** The worst of them; {@link #INCONCLUSIVE} if there is none, for nothing was shown. */
  public static Grade worst(Collection<Grade> grades) {
    return grades.stream().max(Comparator.naturalOrder()).orElse(INCONCLUSIVE);
  }
}
