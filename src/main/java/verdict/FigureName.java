package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;

/**
 * Names one number of a run, as users write it: {@code ttft.p95} for a statistic of a distribution,
 * {@code goodput} for a single figure, {@code llm.rss_max} for that of one process, {@code
 * *.rss_max} for that of each target process.
 *
 * @param name the KPI's name, with its process if it has one
 * @param stat the statistic of a distribution; empty for a single figure
 */
public record FigureName(String name, String stat) {
  private static final Pattern STAT = Pattern.compile("min|mean|max|p50|p90|p95|p99|p999");
  private static final String EACH = "*.";

  /**
   * Parses a name.
   *
   * @param text the name alone
   * @param sentence what the user wrote around it, for the message
   * @throws IllegalArgumentException saying what is wrong and what to write
   */
  static FigureName parse(String text, String sentence) {
    String last = text.substring(text.lastIndexOf('.') + 1);
    String stat = STAT.matcher(last).matches() ? last : "";
    String name = stat.isEmpty() ? text : text.substring(0, text.length() - stat.length() - 1);
    Optional<Kpi> kpi = Kpi.named(name);
    if (kpi.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + sentence + "' names '" + name + "', which is no KPI");
    }
    if (kpi.get().isDistribution() == stat.isEmpty()) {
      throw new IllegalArgumentException(
          kpi.get().isDistribution()
              ? "'" + sentence + "' needs a statistic, for example " + name + ".p95"
              : "'" + sentence + "' asks a statistic of a single figure; write " + name);
    }
    if (kpi.get().isDistribution() && name.startsWith(EACH)) {
      throw new IllegalArgumentException(
          "'" + sentence + "': " + kpi.get().word() + " is measured for the run, not a process");
    }
    return new FigureName(name, stat);
  }

  /** The KPI that is named. */
  public Kpi kpi() {
    return Kpi.named(name).orElseThrow();
  }

  /** The whole name, such as {@code ttft.p95}. */
  public String text() {
    return stat.isEmpty() ? name : name + "." + stat;
  }

  /** The name of a check of this figure, such as {@code ttft_p95}. */
  public String checkName() {
    return text().replace('.', '_').replace('-', '_');
  }

  /** True for {@code *.}: one figure for each target process. */
  public boolean isEach() {
    return name.startsWith(EACH);
  }

  /** This name, or, if it {@link #isEach}, the names of the figures that the report has for it. */
  public List<FigureName> in(KpiReport report) {
    if (!isEach()) {
      return List.of(this);
    }
    List<FigureName> names = new ArrayList<>();
    for (String figure : report.figures().keySet()) {
      int dot = figure.indexOf('.');
      boolean ofTarget =
          dot > 0
              && !figure.startsWith(KpiReport.INJECTOR + ".")
              && !figure.startsWith(KpiReport.ALL_TARGETS + ".");
      if (ofTarget && figure.substring(dot).equals(name.substring(1))) {
        names.add(new FigureName(figure, stat));
      }
    }
    return names;
  }

  /** The number that it names; empty if it was not measured, or stands on too few samples. */
  public OptionalDouble value(KpiReport report) {
    if (stat.isEmpty()) {
      Figure figure = report.figures().get(name);
      return figure == null ? OptionalDouble.empty() : OptionalDouble.of(figure.value());
    }
    Percentiles percentiles = report.kpis().get(name);
    return percentiles == null ? OptionalDouble.empty() : percentiles.stat(stat);
  }

  /** Why there is no {@link #value}, in a sentence. */
  public String whyNone(KpiReport report) {
    Percentiles percentiles = report.kpis().get(name);
    return percentiles == null || percentiles.count() == 0
        ? name + " was not measured in this run."
        : checkName()
            + " has only "
            + Numbers.count(percentiles.count())
            + " samples; this percentile needs more. Let more clients run, or take a lower one.";
  }
}
