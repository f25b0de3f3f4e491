package verdict;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.JsonFile;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Stages;
import kpi.UnusableFile;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/**
 * The figures of several runs of one profile on one class of machine: the content of {@code
 * baselines/<simulation>.<profile>.json}.
 *
 * @param made start of the last run, ISO 8601
 * @param commit of the tree that ran
 * @param dirty whether the tree had uncommitted changes
 * @param settings that shape the load
 * @param seed of everything random
 * @param kpis every figure that each of the runs has, by name
 * @param distributions of each latency the value in ms by percentile, the median over the runs
 */
public record Baseline(
    int schema,
    String simulation,
    String profile,
    String made,
    String commit,
    boolean dirty,
    MachineClass machine,
    Map<String, String> settings,
    long seed,
    int runs,
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) Map<String, Spread> kpis,
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
        Map<String, Map<String, Double>> distributions) {
  /** Fewer runs give no reliable spread. */
  public static final int LEAST_RUNS = 3;

  static final List<String> DRAWN = List.of("min", "p50", "p90", "p95", "p99", "p999", "max");

  /**
   * Creates a baseline from runs.
   *
   * @param records at least {@value #LEAST_RUNS}
   * @throws UnusableFile if there are fewer, or the runs are not alike, or one of them cannot be
   *     compared
   */
  public static Baseline of(List<RunRecord> records) throws UnusableFile {
    if (records.size() < LEAST_RUNS) {
      throw new UnusableFile(
          "A baseline needs at least "
              + LEAST_RUNS
              + " runs, because its spread separates noise from change; given: "
              + records.size()
              + ".");
    }
    if (records.stream().map(RunRecord::started).distinct().count() < records.size()) {
      throw new UnusableFile(
          "A baseline needs different runs, because its spread separates noise from change; of"
              + " those given, two started at the same time.");
    }
    RunRecord last = records.get(records.size() - 1);
    for (RunRecord run : records) {
      Optional<String> objection = objection(run, last);
      if (objection.isPresent()) {
        throw new UnusableFile(run.folder() + " cannot be part of a baseline: " + objection.get());
      }
    }
    return new Baseline(
        JsonFile.SCHEMA,
        last.simulation(),
        last.profile(),
        last.started(),
        last.commit(),
        records.stream().anyMatch(RunRecord::dirty),
        last.machine(),
        last.settings(),
        last.manifest().seed(),
        records.size(),
        kpis(records),
        distributions(records));
  }

  /** Returns the reason why a run cannot be compared with this baseline; empty if it can. */
  Optional<String> objection(RunRecord run) {
    return unless(
            run.machine().differences(machine), "The baseline is from another class of machine: ")
        .or(
            () ->
                unless(
                    differences(seeded(run), seeded(settings, seed)),
                    "The baseline was made with other settings: "));
  }

  private static Optional<String> unless(List<String> differences, String sentence) {
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(sentence + String.join(", ", differences) + ".");
  }

  /** Returns the changes since an older baseline, for a reader who is about to commit this one. */
  public List<String> changesSince(Baseline before) {
    return SideBySide.lines(
        List.of(before.origin(), origin()),
        differences(identity(), before.identity()),
        before.kpis,
        kpis);
  }

  private Map<String, String> identity() {
    Map<String, String> all = seeded(settings, seed);
    all.put("machine", machine.words());
    return all;
  }

  private String origin() {
    return "commit " + commit + (dirty ? " with uncommitted changes" : "") + ", " + runs + " runs";
  }

  /** Returns the contradictions in it, for files are edited by hand. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (runs < LEAST_RUNS) {
      faults.add("it stands on " + runs + " runs; at least " + LEAST_RUNS);
    }
    kpis.forEach((name, spread) -> faults.addAll(faults(name, spread)));
    return faults;
  }

  private List<String> faults(String name, Spread spread) {
    FigureName figure;
    try {
      figure = FigureName.parse(name, name);
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
    if (figure.isEach()) {
      return List.of("'" + name + "' is no single figure");
    }
    if (!figure.kpi().unit().equals(spread.unit())
        || !figure.kpi().direction().word().equals(spread.direction())) {
      return List.of(name + " has another unit or direction than the catalogue");
    }
    return spread.faults(runs).stream().map(fault -> name + " " + fault).toList();
  }

  private static Optional<String> objection(RunRecord run, RunRecord other) {
    boolean believed =
        run.recorded().stream()
            .noneMatch(
                check ->
                    check.outcome() == Outcome.INVALID
                        || (check.kind() == Kind.INVARIANT && check.outcome() == Outcome.FAIL));
    if (run.verdict().verdict() == Outcome.INVALID || !believed) {
      return Optional.of(
          "its verdict is " + run.verdict().verdict() + ". " + run.verdict().sentence());
    }
    if (!run.defects().isEmpty()) {
      String planted =
          run.defects().entrySet().stream().map(Object::toString).collect(Collectors.joining(", "));
      return Optional.of("a defect was planted, " + planted + ".");
    }
    if (!run.simulation().equals(other.simulation()) || !run.profile().equals(other.profile())) {
      return Optional.of("it is one of " + run.simulation() + "." + run.profile() + ".");
    }
    if (!run.commit().equals(other.commit())) {
      return Optional.of("it ran commit " + run.commit() + " instead of " + other.commit() + ".");
    }
    List<String> differences = new ArrayList<>(run.machine().differences(other.machine()));
    differences.addAll(differences(seeded(run), seeded(other)));
    return unless(differences, "it ran with ");
  }

  /**
   * Returns settings that differ, such as {@code clients 200 instead of 100}, the other's second.
   */
  static List<String> differences(Map<String, String> own, Map<String, String> others) {
    Function<String, String> mine = word(own);
    Function<String, String> theirs = word(others);
    return Stream.concat(own.keySet().stream(), others.keySet().stream())
        .distinct()
        .sorted()
        .filter(key -> !mine.apply(key).equals(theirs.apply(key)))
        .map(key -> key + " " + mine.apply(key) + " instead of " + theirs.apply(key))
        .toList();
  }

  private static Function<String, String> word(Map<String, String> settings) {
    return key -> settings.getOrDefault(key, "").isEmpty() ? "none" : settings.get(key);
  }

  static Map<String, String> seeded(RunRecord run) {
    return seeded(run.settings(), run.manifest().seed());
  }

  /** Returns the settings with the seed, which most simulations have among them. */
  private static Map<String, String> seeded(Map<String, String> settings, long seed) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("seed", Long.toString(seed));
    return all;
  }

  /** Returns every figure that each of the runs has, by name. */
  static Map<String, Spread> kpis(List<RunRecord> records) {
    Map<String, Spread> kpis = new LinkedHashMap<>();
    for (FigureName name : names(records.get(0).report())) {
      spread(name, records).ifPresent(spread -> kpis.put(name.text(), spread));
    }
    return kpis;
  }

  /** Returns every number of a run that a baseline keeps: those of the catalogue. */
  static List<FigureName> names(KpiReport report) {
    List<FigureName> names = new ArrayList<>();
    for (String kpi : distributionsOf(report)) {
      FigureName.PERCENTILES.forEach(stat -> names.add(new FigureName(kpi, stat)));
    }
    report.figures().keySet().stream()
        .filter(figure -> Kpi.named(figure).filter(kpi -> !kpi.isDistribution()).isPresent())
        .forEach(figure -> names.add(new FigureName(figure, "")));
    return names;
  }

  private static List<String> distributionsOf(KpiReport report) {
    return report.kpis().keySet().stream()
        .filter(name -> Kpi.named(name).filter(Kpi::isDistribution).isPresent())
        .filter(name -> name.indexOf('.') < 0 || Stages.isOfStage(name))
        .toList();
  }

  private static Map<String, Map<String, Double>> distributions(List<RunRecord> records) {
    Map<String, Map<String, Double>> distributions = new LinkedHashMap<>();
    for (String kpi : distributionsOf(records.get(0).report())) {
      Map<String, Double> places = new LinkedHashMap<>();
      for (String stat : DRAWN) {
        spread(new FigureName(kpi, stat), records)
            .ifPresent(spread -> places.put(percentile(stat), spread.centre()));
      }
      if (!places.isEmpty()) {
        distributions.put(kpi, places);
      }
    }
    return distributions;
  }

  private static String percentile(String stat) {
    return switch (stat) {
      case "min" -> "0";
      case "max" -> "100";
      case "p999" -> "99.9";
      default -> stat.substring(1);
    };
  }

  /** Returns the spread of a figure; empty unless every run has it. */
  private static Optional<Spread> spread(FigureName name, List<RunRecord> records) {
    List<Double> values =
        records.stream().flatMap(run -> name.value(run.report()).stream().boxed()).toList();
    return values.size() == records.size()
        ? Optional.of(Spread.of(name.kpi(), values))
        : Optional.empty();
  }
}
