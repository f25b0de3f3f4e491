package kpi;

import java.util.Locale;

/** How a user's action ended. */
public enum Outcome {
  /** Complete and correct. */
  OK,
  /** No connection, or an answer that says the service is not there. */
  REFUSED,
  /** Nothing, or not everything, within the time allowed. */
  TIMEOUT,
  /** Broken in the middle by the other side. */
  RESET,
  /** Ended in order but before everything had come. */
  CLOSED_EARLY,
  /** Turned away for capacity (429, 503). */
  LIMITED,
  /** An answer that breaks the contract: wrong status, type, order or content. */
  INVALID;

  /** The name of the counter of this outcome. */
  public String counter() {
    return "outcome_" + name().toLowerCase(Locale.ROOT);
  }
}
