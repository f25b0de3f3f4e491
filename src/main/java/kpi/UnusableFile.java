package kpi;

/** A file that cannot be used; the message says which, why, and what to do. */
public final class UnusableFile extends Exception {
  private static final long serialVersionUID = 1;

  public UnusableFile(String message) {
    super(message);
  }

  public UnusableFile(String message, Throwable cause) {
    super(message, cause);
  }
}
