package gauntlet;

import verdict.Check;

/** Exit codes of the command line. */
final class ExitCode {
  /** Done; of a verdict: PASS or WARN. */
  static final int OK = 0;

  /** Internal error. */
  static final int FAILURE = 1;

  /** A wrong or missing option, or a file or an address that cannot be used; nothing was done. */
  static final int USAGE = 2;

  private ExitCode() {}

  /** Returns the code of a verdict. */
  static int of(Check.Outcome verdict) {
    return switch (verdict) {
      case NOT_EVALUATED, PASS, WARN -> OK;
      case FAIL -> 3;
      case INCONCLUSIVE -> 4;
      case INVALID -> 5;
    };
  }
}
