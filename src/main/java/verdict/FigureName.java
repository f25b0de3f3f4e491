package verdict;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Stages;
import org.HdrHistogram.Histogram;

/**
 * The name of one number of a run, as users write it: {@code ttft.p95} for a statistic of a
 * distribution, {@code goodput} for a single figure, {@code llm.rss_max} for that of one process,
 * {@code *.rss_max} for that of each target process, {@code stage_100.rtt.mean} for that of one
 * stage.
 *
 * @param name the KPI's name, with its process if it has one
 * @param stat the statistic of a distribution; empty for a single figure
 */
public record FigureName(String name, String stat) {
  /** The statistics that are kept and compared; the others depend on single samples. */
  public static final List<String> PERCENTILES = List.of("p50", "p90", "p95", "p99", "p999");

  private static final int FIRM = 3;

  private static final Pattern STAT = Pattern.compile("min|mean|max|p50|p90|p95|p99|p999");
  private static final String EACH = "*.";

  /** The generator, all targets together, and steps of which the last is meant to break. */
  private static final Pattern NOT_OF_TARGET =
      Pattern.compile(
          "(%s|%s|step[0-9]+)\\..*".formatted(KpiReport.INJECTOR, KpiReport.ALL_TARGETS));

  /**
   * Parses a name.
   *
   * @param text the name alone
   * @param sentence the text around it, for the message
   * @throws IllegalArgumentException with the error and a correct form
   */
  public static FigureName parse(String text, String sentence) {
    int dot = text.lastIndexOf('.');
    String last = text.substring(dot + 1);
    String stat = dot > 0 && STAT.matcher(last).matches() ? last : "";
    String name = stat.isEmpty() ? text : text.substring(0, dot);
    Kpi kpi =
        Kpi.named(name)
            .orElseThrow(() -> wrong(sentence, " names '" + name + "', which is no KPI"));
    if (kpi.isDistribution() && name.indexOf('.') >= 0 && !Stages.isOfStage(name)) {
      throw wrong(sentence, ": " + kpi.word() + " is measured for the run, not a process");
    }
    if (kpi.isDistribution() && stat.isEmpty()) {
      throw wrong(sentence, " needs a statistic, for example " + name + ".p95");
    }
    if (!kpi.isDistribution() && !stat.isEmpty()) {
      throw wrong(sentence, " has a statistic of a single figure; write " + name);
    }
    return new FigureName(name, stat);
  }

  /** Returns the error in a text of the user. */
  static IllegalArgumentException wrong(String text, String error) {
    return new IllegalArgumentException("'" + text + "'" + error);
  }

  /** Parses a name; empty if the catalogue has no such figure. */
  public static Optional<FigureName> named(String text) {
    try {
      return Optional.of(parse(text, text));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Also a name in a file that is older than the catalogue.
    }
  }

  public Kpi kpi() {
    return Kpi.named(name).orElseThrow();
  }

  /** Returns the whole name, such as {@code ttft.p95}. */
  public String text() {
    return stat.isEmpty() ? name : name + "." + stat;
  }

  @Override
  public String toString() {
    return text();
  }

  /** Returns the name of the check of a threshold on it, such as {@code ttft_p95}. */
  public String checkName() {
    return text().replace('.', '_').replace('-', '_');
  }

  /** Returns true for a figure of the run, of a target, or of a stage that a run always has. */
  boolean isOfTarget() {
    return !NOT_OF_TARGET.matcher(name).matches();
  }

  boolean isTail() {
    return !stat.isEmpty() && !stat.equals("p50");
  }

  boolean isEach() {
    return name.startsWith(EACH);
  }

  /** Returns true for the figures of the targets, each or all together. */
  boolean isOfTargets() {
    return isEach() || name.startsWith(KpiReport.ALL_TARGETS + ".");
  }

  /** Returns the name of the figure of all targets together. */
  FigureName ofAllTargets() {
    return new FigureName(kpi().of(KpiReport.ALL_TARGETS), stat);
  }

  /**
   * Returns the figures of this name: itself, or, if it {@link #isEach}, those of the target
   * processes.
   *
   * @param figures names of all single figures
   * @param named figures with their own name, which {@code *.} leaves out
   */
  List<FigureName> among(Collection<String> figures, Set<FigureName> named) {
    if (!isEach()) {
      return List.of(this);
    }
    return figures.stream()
        .map(figure -> new FigureName(figure, stat))
        .filter(figure -> covers(figure) && !named.contains(figure))
        .toList();
  }

  /** Returns true if the other is this name, or one of its figures. */
  boolean covers(FigureName other) {
    int dot = other.name.indexOf('.');
    boolean ofTarget = dot > 0 && other.isOfTarget();
    return equals(other)
        || (isEach() && ofTarget && other.name.substring(dot).equals(name.substring(1)));
  }

  /** Returns the number; empty if it was not measured, is not finite, or has too few samples. */
  public OptionalDouble value(KpiReport report) {
    Figure figure = report.figures().get(name);
    Percentiles percentiles = report.kpis().get(name);
    OptionalDouble value = OptionalDouble.empty();
    if (stat.isEmpty() && figure != null) {
      value = OptionalDouble.of(figure.value());
    } else if (!stat.isEmpty() && percentiles != null) {
      value = percentiles.stat(stat);
    }
    return value.stream().filter(Double::isFinite).findFirst();
  }

  /** Returns the statistic of some values, however few they are. */
  double ns(Histogram values) {
    return stat.equals("mean")
        ? values.getMean()
        : values.getValueAtPercentile(PERCENTILES.contains(stat) ? percent() : 100);
  }

  /** Returns the percentile that is the statistic, such as 99.9 for {@code p999}. */
  private double percent() {
    return stat.equals("p999") ? 99.9 : Integer.parseInt(stat.substring(1));
  }

  /** Returns this name, or the highest lower percentile if it has too few samples; else empty. */
  public Optional<FigureName> known(KpiReport report) {
    int own = PERCENTILES.indexOf(stat);
    return IntStream.iterate(own, at -> at >= Math.min(0, own), at -> at - 1)
        .mapToObj(at -> new FigureName(name, at < 0 ? stat : PERCENTILES.get(at)))
        .filter(figure -> figure.value(report).isPresent())
        .findFirst();
  }

  /**
   * Returns true if this percentile has {@value #FIRM} times the samples that it needs: those that
   * wait in one pause of a tenth of a second move it no more.
   */
  boolean isFirm(KpiReport report) {
    Percentiles percentiles = report.kpis().get(name);
    return percentiles != null && percentiles.count() >= FIRM * needed();
  }

  private long needed() {
    return Percentiles.needed(percent());
  }

  /** Returns the reason why there is no {@link #value}, in a sentence. */
  String whyNone(KpiReport report) {
    Percentiles percentiles = report.kpis().get(name);
    if (percentiles == null || percentiles.count() == 0) {
      String otherwise =
          isOfTargets()
              ? "No process of a target reported it."
              : name + " was not measured in this run.";
      return report.unchecked().getOrDefault(name, report.absent().getOrDefault(name, otherwise));
    }
    long needed = needed();
    double times = Math.ceil(10.0 * needed / percentiles.count()) / 10;
    return Numbers.sentence(
        "%s has %s samples and needs %s: %s times the clients or seconds, or a lower percentile.",
        checkName(), percentiles.count(), needed, times);
  }
}
