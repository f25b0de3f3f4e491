package verdict;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.UnusableFile;

/**
 * The figures of several runs of one profile on one class of machine: the content of {@code
 * baselines/<simulation>.<profile>.json}.
 *
 * @param schema version of this form
 * @param simulation simple class name
 * @param profile name of the profile
 * @param made start of the last run, ISO 8601
 * @param commit of the tree that ran
 * @param dirty whether the tree had uncommitted changes
 * @param machine the class of machine
 * @param settings that shape the load
 * @param seed of everything random
 * @param runs number of runs
 * @param kpis every figure that each of the runs has, by name
 * @param distributions of each latency the value in ms by percentile, the median over the runs
 */
@JsonPropertyOrder({
  "schema",
  "simulation",
  "profile",
  "made",
  "commit",
  "dirty",
  "machine",
  "settings",
  "seed",
  "runs",
  "kpis",
  "distributions"
})
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
    Map<String, Spread> kpis,
    Map<String, Map<String, Double>> distributions) {
  /** Requires the figures. */
  public Baseline {
    if (kpis == null || distributions == null) {
      throw new IllegalArgumentException("it has no kpis or no distributions");
    }
  }

  /** The version that this code writes. */
  public static final int SCHEMA = 1;

  /** Fewer runs give no reliable spread. */
  public static final int LEAST_RUNS = 3;

  private static final String SEED = "seed";

  /** Statistics by their percentile. */
  private static final Map<String, String> PLACES = places();

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
    RunRecord last = records.get(records.size() - 1);
    if (records.stream().map(RunRecord::started).distinct().count() < records.size()) {
      throw new UnusableFile(
          "A baseline needs different runs, because its spread separates noise from change; of"
              + " those given, two started at the same time.");
    }
    for (RunRecord run : records) {
      Optional<String> objection = objection(run, last);
      if (objection.isPresent()) {
        throw new UnusableFile(run.folder() + " cannot be part of a baseline: " + objection.get());
      }
    }
    return new Baseline(
        SCHEMA,
        last.simulation(),
        last.profile(),
        last.started(),
        last.commit(),
        records.stream().anyMatch(RunRecord::dirty),
        last.machine(),
        new TreeMap<>(last.settings()),
        last.manifest().seed(),
        records.size(),
        kpis(records),
        distributions(records));
  }

  /** Returns the reason why a run cannot be compared with this baseline; empty if it can. */
  public Optional<String> objection(RunRecord run) {
    List<String> machines = run.machine().differences(machine);
    if (!machines.isEmpty()) {
      return Optional.of(
          "The baseline is from another class of machine: " + String.join(", ", machines) + ".");
    }
    List<String> others =
        differences(seeded(run.settings(), run.manifest().seed()), seeded(settings, seed));
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The baseline was made with other settings: " + String.join(", ", others) + ".");
  }

  /** Returns the settings and seed that differ from another baseline's, whose values are second. */
  List<String> otherSettings(Baseline other) {
    return differences(seeded(settings, seed), seeded(other.settings, other.seed));
  }

  private static Optional<String> objection(RunRecord run, RunRecord other) {
    boolean believed =
        run.verdict().checks().stream()
            .noneMatch(
                check ->
                    check.outcome() == Check.Outcome.INVALID
                        || (check.kind() == Check.Kind.INVARIANT
                            && check.outcome() == Check.Outcome.FAIL));
    if (run.verdict().verdict() == Check.Outcome.INVALID || !believed) {
      return Optional.of(
          "its verdict is " + run.verdict().verdict() + ". " + run.verdict().sentence());
    }
    if (!run.defects().isEmpty()) {
      String planted =
          run.defects().entrySet().stream()
              .map(defect -> defect.getKey() + "=" + defect.getValue())
              .collect(Collectors.joining(", "));
      return Optional.of("a defect was planted, " + planted + ".");
    }
    if (!run.simulation().equals(other.simulation()) || !run.profile().equals(other.profile())) {
      return Optional.of("it is one of " + run.simulation() + "." + run.profile() + ".");
    }
    if (!run.commit().equals(other.commit())) {
      return Optional.of("it ran commit " + run.commit() + " instead of " + other.commit() + ".");
    }
    List<String> differences = new ArrayList<>(run.machine().differences(other.machine()));
    differences.addAll(
        differences(
            seeded(run.settings(), run.manifest().seed()),
            seeded(other.settings(), other.manifest().seed())));
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of("it ran with " + String.join(", ", differences) + ".");
  }

  /**
   * Returns settings that differ, such as {@code clients 200 instead of 100}, the other's second.
   */
  static List<String> differences(Map<String, String> own, Map<String, String> others) {
    return Stream.concat(own.keySet().stream(), others.keySet().stream())
        .distinct()
        .sorted()
        .filter(key -> !word(own, key).equals(word(others, key)))
        .map(key -> key + " " + word(own, key) + " instead of " + word(others, key))
        .toList();
  }

  /** Returns the settings with the seed, which most simulations have among them. */
  private static Map<String, String> seeded(Map<String, String> settings, long seed) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent(SEED, Long.toString(seed));
    return all;
  }

  private static Map<String, Spread> kpis(List<RunRecord> records) {
    Map<String, Spread> kpis = new LinkedHashMap<>();
    for (FigureName name : names(records.get(0).report())) {
      List<Double> values =
          records.stream()
              .map(run -> name.value(run.report()))
              .filter(OptionalDouble::isPresent)
              .map(OptionalDouble::getAsDouble)
              .toList();
      if (values.size() == records.size()) {
        kpis.put(name.text(), Spread.of(name.kpi(), values));
      }
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
        .filter(name -> name.indexOf('.') < 0)
        .toList();
  }

  private static Map<String, Map<String, Double>> distributions(List<RunRecord> records) {
    Map<String, Map<String, Double>> distributions = new LinkedHashMap<>();
    for (String kpi : distributionsOf(records.get(0).report())) {
      Map<String, Double> places = new LinkedHashMap<>();
      PLACES.forEach(
          (place, stat) -> {
            FigureName name = new FigureName(kpi, stat);
            List<Double> values =
                records.stream().flatMap(run -> name.value(run.report()).stream().boxed()).toList();
            if (values.size() == records.size()) {
              places.put(place, Spread.of(name.kpi(), values).centre());
            }
          });
      if (!places.isEmpty()) {
        distributions.put(kpi, places);
      }
    }
    return distributions;
  }

  private static Map<String, String> places() {
    Map<String, String> places = new LinkedHashMap<>();
    places.put("0", "min");
    places.put("50", "p50");
    places.put("90", "p90");
    places.put("95", "p95");
    places.put("99", "p99");
    places.put("99.9", "p999");
    places.put("100", "max");
    return places;
  }

  private static String word(Map<String, String> settings, String key) {
    String value = settings.getOrDefault(key, "");
    return value.isEmpty() ? "none" : value;
  }
}
