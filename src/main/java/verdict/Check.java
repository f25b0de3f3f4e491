package verdict;

/**
 * One thing that was checked.
 *
 * @param name lower case with underscores; an API, like the names of KPIs
 * @param kind what it is about
 * @param outcome how it ended
 * @param figure what was found, with its unit
 * @param limit what was asked, with its unit
 * @param reason one sentence for a reader who sees nothing else
 */
public record Check(
    String name, CheckKind kind, Grade outcome, String figure, String limit, String reason) {
  /** A check of a run's validity: PASS or INVALID. */
  public static Check validity(
      String name, boolean holds, String figure, String limit, String reason) {
    return new Check(
        name, CheckKind.VALIDITY, holds ? Grade.PASS : Grade.INVALID, figure, limit, reason);
  }

  /** A check of something that must always hold: PASS or FAIL. */
  public static Check invariant(
      String name, boolean holds, String figure, String limit, String reason) {
    return new Check(
        name, CheckKind.INVARIANT, holds ? Grade.PASS : Grade.FAIL, figure, limit, reason);
  }

  /** The same check without enough evidence. */
  public Check inconclusive(String why) {
    return new Check(name, kind, Grade.INCONCLUSIVE, figure, limit, why);
  }
}
