package gauntlet;

import verdict.Check;

/** Exit codes of the command line. */
public final class ExitCode {
  /** Done; of a verdict: PASS or WARN. */
  public static final int OK = 0;

  /** Internal error. */
  public static final int FAILURE = 1;

  /** A wrong or missing option, or a file or an address that cannot be used; nothing was done. */
  public static final int USAGE = 2;

  /** A verdict: FAIL. */
  public static final int FAIL = 3;

  /** A verdict: INCONCLUSIVE. */
  public static final int INCONCLUSIVE = 4;

  /** A verdict: INVALID. */
  public static final int INVALID = 5;

  private ExitCode() {}

  /** Returns the code of a verdict. */
  static int of(Check.Outcome verdict) {
    return switch (verdict) {
      case PASS, WARN -> OK;
      case FAIL -> FAIL;
      case INCONCLUSIVE -> INCONCLUSIVE;
      case INVALID -> INVALID;
    };
  }
}
