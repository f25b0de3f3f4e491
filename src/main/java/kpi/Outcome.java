package kpi;

import java.util.Locale;

/** The end of a user's action. */
public enum Outcome {
  /** Complete and correct. */
  OK,
  /** No connection, or an answer that the service is unavailable. */
  REFUSED,
  /** Nothing, or not everything, within the time allowed. */
  TIMEOUT,
  /** Broken in the middle by the other side. */
  RESET,
  /** Closed in order, but before the last event. */
  CLOSED_EARLY,
  /** Refused for lack of capacity (429, 503). */
  LIMITED,
  /** An answer that breaks the contract: wrong status, type, order or content. */
  INVALID,
  /** Ended by the client on purpose: neither a success nor a failure. */
  CANCELLED;

  public String counter() {
    return "outcome_" + name().toLowerCase(Locale.ROOT);
  }
}
