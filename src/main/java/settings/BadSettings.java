package settings;

import java.util.List;

/** Input that cannot be used; each line names the option, the error and the remedy. */
public final class BadSettings extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  /**
   * @param errors one sentence for each wrong value, not empty
   */
  public BadSettings(List<String> errors) {
    super(String.join("\n", errors));
    this.errors = List.copyOf(errors);
  }

  /** One sentence for each wrong value, in the order in which the values were read. */
  public List<String> errors() {
    return errors;
  }
}
