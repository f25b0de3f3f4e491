package simulations.run;

import java.util.List;
import java.util.Map;
import verdict.Check;
import verdict.Numbers;

/** Invariants by counters of what must not have happened. */
public final class Counted {
  private Counted() {}

  /** Checks that every token came once and in order, by the counters of token streams. */
  public static List<Check> tokens(Map<String, Long> counters) {
    return List.of(
        none(counters, "tokens_lost", "no_token_lost", "tokens", "never came"),
        none(counters, "tokens_duplicated", "no_token_duplicated", "tokens", "came twice"),
        none(counters, "tokens_swapped", "tokens_in_order", "tokens", "came after a later one"));
  }

  /** Checks that every broadcast came once and in order, by the counters of viewers. */
  public static List<Check> broadcasts(Map<String, Long> counters) {
    return List.of(
        none(counters, "broadcasts_lost", "no_broadcast_lost", "broadcasts", "never came"),
        none(counters, "broadcasts_duplicated", "no_broadcast_duplicated", "frames", "came twice"),
        none(counters, "broadcasts_swapped", "broadcasts_in_order", "broadcasts", "came late"));
  }

  /** Checks that every token had the text of its seed. */
  public static Check wrongText(Map<String, Long> counters) {
    return none(counters, "tokens_wrong", "content_matches", "tokens", "had the wrong text");
  }

  /**
   * Checks that a counter is 0.
   *
   * @param counters by name; one that is not there never counted
   * @param counter its name
   * @param name of the check
   * @param what was counted, such as tokens
   * @param wrong what was wrong with them, after "No tokens" or "3 tokens"
   */
  public static Check none(
      Map<String, Long> counters, String counter, String name, String what, String wrong) {
    long count = counters.getOrDefault(counter, 0L);
    return Check.invariant(
        name,
        count == 0,
        Numbers.count(count) + " " + what,
        "none",
        (count == 0 ? "No " : Numbers.count(count) + " ") + what + " " + wrong + ".");
  }
}
