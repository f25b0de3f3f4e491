package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import kpi.KpiReport;

/** Checks figures against absolute limits. A pure function. */
public final class Thresholds {
  private Thresholds() {}

  /**
   * One check for each limit, in their order; for a limit of each process one for each that has the
   * figure, but for those that another limit names.
   */
  public static List<Check> check(List<Limit> limits, KpiReport report) {
    List<Check> checks = new ArrayList<>();
    Set<FigureName> named = limits.stream().map(Limit::figure).collect(Collectors.toSet());
    for (Limit limit : limits) {
      for (FigureName figure : limit.figure().among(report.figures().keySet(), named)) {
        checks.add(check(limit, figure, report));
      }
    }
    return checks;
  }

  /**
   * The limits of a simulation with those that hold for every simulation; where both limit the same
   * figure, the simulation's own counts.
   */
  public static List<Limit> merged(List<Limit> own, List<Limit> general) {
    List<Limit> all = new ArrayList<>(own);
    general.stream()
        .filter(limit -> own.stream().noneMatch(mine -> mine.figure().covers(limit.figure())))
        .forEach(all::add);
    return all;
  }

  private static Check check(Limit limit, FigureName name, KpiReport report) {
    OptionalDouble figure = name.value(report);
    if (figure.isEmpty()) {
      return new Check(
          name.checkName(),
          CheckKind.THRESHOLD,
          Grade.INCONCLUSIVE,
          "none",
          limit.words(),
          name.whyNone(report));
    }
    double value = figure.getAsDouble();
    boolean holds = limit.operator().holds(value, limit.bound());
    String words = Numbers.words(value, name.kpi().unit());
    String reason = name.checkName() + " is " + words + "; the limit is " + limit.words() + ".";
    return new Check(
        name.checkName(),
        CheckKind.THRESHOLD,
        holds ? Grade.PASS : Grade.FAIL,
        words,
        limit.words(),
        reason);
  }
}
