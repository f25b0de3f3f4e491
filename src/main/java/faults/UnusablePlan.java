package faults;

import java.util.List;

/** A fault plan that cannot be used; each line names the entry, the error and the remedy. */
public final class UnusablePlan extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  UnusablePlan(List<String> errors) {
    super(String.join("\n", errors));
    this.errors = List.copyOf(errors);
  }

  /** Returns one sentence for each error, in the order of the entries. */
  public List<String> errors() {
    return errors;
  }
}
