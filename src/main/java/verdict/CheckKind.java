package verdict;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a check is about. */
public enum CheckKind {
  /** Whether the run can be believed. */
  VALIDITY,
  /** What must hold in any run, whatever the load. */
  INVARIANT,
  /** A figure against an absolute limit. */
  THRESHOLD,
  /** A figure against what it was before. */
  BASELINE;

  /** The word in files. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
