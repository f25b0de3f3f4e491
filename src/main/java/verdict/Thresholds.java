package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import kpi.Figure;
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
    String interval = interval(name, report);
    String words = Numbers.words(figure.getAsDouble(), name.kpi().unit());
    Grade outcome = outcome(limit, name, report, figure.getAsDouble());
    String reason =
        name.checkName()
            + " is "
            + words
            + interval
            + "; the limit is "
            + limit.words()
            + (outcome == Grade.WARN ? ", which its interval includes." : ".");
    return new Check(name.checkName(), CheckKind.THRESHOLD, outcome, words, limit.words(), reason);
  }

  /** A figure with an interval fails only if no value in it would hold. */
  private static Grade outcome(Limit limit, FigureName name, KpiReport report, double value) {
    if (limit.operator().holds(value, limit.bound())) {
      return Grade.PASS;
    }
    Figure figure = report.figures().get(name.name());
    boolean mayHold =
        figure != null
            && figure.low() != null
            && (limit.operator().holds(figure.low(), limit.bound())
                || limit.operator().holds(figure.high(), limit.bound()));
    return mayHold ? Grade.WARN : Grade.FAIL;
  }

  private static String interval(FigureName name, KpiReport report) {
    Figure figure = report.figures().get(name.name());
    return figure == null || figure.low() == null
        ? ""
        : String.format(" (%s to %s)", Numbers.plain(figure.low()), Numbers.plain(figure.high()));
  }
}
