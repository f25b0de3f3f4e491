package gauntlet;

/** What the command line returns to the shell. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** Something went wrong that is not the user's doing. */
  public static final int FAILURE = 1;

  /** An option is wrong or missing, or an address cannot be used; nothing was started. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
