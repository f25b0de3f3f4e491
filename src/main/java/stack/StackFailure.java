package stack;

/** A process that could not be started, did not get ready, or could not be reached. */
public final class StackFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure in one sentence for the user, with a remedy. */
  public StackFailure(String sentence) {
    super(sentence);
  }

  /** A failure in one sentence for the user, with its cause. */
  public StackFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
