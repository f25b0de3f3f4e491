package verdict;

/**
 * What judging a run came to.
 *
 * @param verdict of every check
 * @param comparison with the baseline, whose checks are among them
 */
public record Ruling(Verdict verdict, Comparison comparison) {}
