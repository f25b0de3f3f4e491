package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import kpi.Figure;
import kpi.KpiReport;
import kpi.Percentiles;

/** Checks figures against absolute limits. A pure function. */
public final class Thresholds {
  private Thresholds() {}

  /** One check for each limit, in their order. */
  public static List<Check> check(List<Limit> limits, KpiReport report) {
    List<Check> checks = new ArrayList<>();
    for (Limit limit : limits) {
      checks.add(check(limit, report));
    }
    return checks;
  }

  private static Check check(Limit limit, KpiReport report) {
    OptionalDouble figure = figure(limit, report);
    if (figure.isEmpty()) {
      return new Check(
          limit.checkName(),
          CheckKind.THRESHOLD,
          Grade.INCONCLUSIVE,
          "none",
          limit.words(),
          evidence(limit, report));
    }
    double value = figure.getAsDouble();
    boolean holds = limit.operator().holds(value, limit.bound());
    String words = Numbers.words(value, limit.kpi().unit());
    String reason = limit.checkName() + " is " + words + "; the limit is " + limit.words() + ".";
    return new Check(
        limit.checkName(),
        CheckKind.THRESHOLD,
        holds ? Grade.PASS : Grade.FAIL,
        words,
        limit.words(),
        reason);
  }

  private static OptionalDouble figure(Limit limit, KpiReport report) {
    if (limit.stat().isEmpty()) {
      Figure figure = report.figures().get(limit.name());
      return figure == null ? OptionalDouble.empty() : OptionalDouble.of(figure.value());
    }
    Percentiles percentiles = report.kpis().get(limit.name());
    return percentiles == null ? OptionalDouble.empty() : percentiles.stat(limit.stat());
  }

  private static String evidence(Limit limit, KpiReport report) {
    Percentiles percentiles = report.kpis().get(limit.name());
    if (percentiles == null || percentiles.count() == 0) {
      return limit.name() + " was not measured in this run.";
    }
    return limit.checkName()
        + " has only "
        + Numbers.count(percentiles.count())
        + " samples; this percentile needs more. Let more clients run, or limit a lower one.";
  }
}
