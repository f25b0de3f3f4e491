package gauntlet;

import verdict.Check;

/** What the command line returns to the shell. */
public final class ExitCode {
  /** Done; of a verdict: PASS or WARN. */
  public static final int OK = 0;

  /** Something went wrong that is not the user's doing. */
  public static final int FAILURE = 1;

  /** An option is wrong or missing, or a file or an address cannot be used; nothing was done. */
  public static final int USAGE = 2;

  /** A verdict: FAIL. */
  public static final int FAIL = 3;

  /** A verdict: INCONCLUSIVE. */
  public static final int INCONCLUSIVE = 4;

  /** A verdict: INVALID. */
  public static final int INVALID = 5;

  private ExitCode() {}

  /** The code of a verdict. */
  static int of(Check.Outcome verdict) {
    return switch (verdict) {
      case PASS, WARN -> OK;
      case FAIL -> FAIL;
      case INCONCLUSIVE -> INCONCLUSIVE;
      case INVALID -> INVALID;
    };
  }
}
