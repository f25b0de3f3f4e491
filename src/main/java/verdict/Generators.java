package verdict;

import static verdict.Check.validity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kpi.KpiReport;
import kpi.Manifest;
import kpi.RunFolder;
import kpi.SharedCounters;
import kpi.UnusableFile;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/**
 * The runs of the generators that made one load together, by index.
 *
 * @param runs those that have figures
 * @param count of all generators
 * @param missing what is wrong with the others, in words
 */
public record Generators(List<RunRecord> runs, int count, List<String> missing) {
  private static final String ENDED = "run_completed";

  /** Clocks so far apart shift a common start by no more than arrivals may be late. */
  private static final int APART_MS = 100;

  /** Returns what the runs of one load have in common, by its name in messages. */
  private static Map<String, String> common(Manifest manifest) {
    Map<String, String> all = new TreeMap<>(manifest.settings());
    manifest.versions().forEach((name, version) -> all.put("version of " + name, version));
    all.put("simulation", manifest.simulation());
    all.put("profile", manifest.profile());
    all.put("number of generators", Integer.toString(manifest.share().count()));
    all.put("common start", manifest.share().startAt());
    all.put("seed", Long.toString(manifest.seed()));
    all.put("commit", manifest.git().commit());
    all.put("thresholds", String.join("; ", manifest.thresholds()));
    all.put("SLOs", String.join("; ", manifest.slos()));
    return all;
  }

  /**
   * Reads run folders.
   *
   * @throws UnusableFile if one of them is no share of a load, or not of the same load
   */
  public static Generators read(List<Path> folders) throws UnusableFile {
    Map<Integer, Path> byIndex = new TreeMap<>();
    Map<Integer, RunRecord> runs = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    Path first = folders.get(0);
    Manifest like = manifest(first);
    for (Path folder : folders) {
      Manifest manifest = manifest(folder);
      List<String> differences = Baseline.differences(common(manifest), common(like));
      if (!differences.isEmpty()) {
        throw new UnusableFile(
            "%s is not of the same load as %s: %s."
                .formatted(folder, first, String.join(", ", differences)));
      }
      int index = manifest.share().index();
      Path twin = byIndex.putIfAbsent(index, folder);
      if (twin != null) {
        throw new UnusableFile(
            folder + " and " + twin + " are both of generator " + index + "; name one of them.");
      }
      if (Files.exists(folder.resolve("kpi.json"))) {
        runs.put(index, RunRecord.read(folder));
      } else {
        missing.add("generator " + index + " was killed before it could be judged");
      }
    }
    if (runs.isEmpty()) {
      throw new UnusableFile("None of these runs was judged; there is nothing to merge.");
    }
    IntStream.range(0, like.share().count())
        .filter(index -> !byIndex.containsKey(index))
        .forEach(index -> missing.add("generator " + index + " is missing"));
    return new Generators(List.copyOf(runs.values()), like.share().count(), missing);
  }

  private static Manifest manifest(Path folder) throws UnusableFile {
    Manifest manifest = RunFolder.existing(folder).read(Manifest.FILE, Manifest.class);
    if (!manifest.generators().isEmpty()) {
      throw new UnusableFile(folder + " is a merged run; name the runs of its generators.");
    }
    if (manifest.share() == null) {
      throw new UnusableFile(
          folder
              + " is the run of a single generator, without -Dshard; there is nothing to merge.");
    }
    try {
      var unused = Instant.parse(manifest.share().startAt());
    } catch (DateTimeParseException e) {
      throw new UnusableFile(folder.resolve(Manifest.FILE) + " has no common start.", e);
    }
    return manifest;
  }

  /**
   * Returns the checks of validity and the invariants: of each generator, of all of them, and of
   * their sums.
   *
   * @param all what they measured together
   */
  public List<Check> checks(KpiReport all) {
    Map<String, Check> checks = new LinkedHashMap<>();
    put(checks, complete());
    put(checks, clocks());
    for (RunRecord run : runs) {
      run.recorded().forEach(check -> put(checks, of(run, check)));
    }
    Validity.ofCounts(all).forEach(check -> put(checks, check));
    if (missing.isEmpty()) {
      all.shared().forEach((name, counters) -> put(checks, shared(name, counters)));
    }
    put(checks, ownLimits(all));
    return checks.values().stream().sorted(Comparator.comparing(Check::kind)).toList();
  }

  /** Judges what no generator can hold against its own load: counters that all of them raise. */
  private static Check shared(String name, SharedCounters all) {
    String good = "The targets' counts match those of all generators.";
    String bad =
        "Counts of the targets and of all generators differ: %s; another load on the same targets"
            + " would do that too.";
    Check check = counts(name, all, "generators", good, bad);
    return all.counted().isEmpty()
        ? check.inconclusive("No generator did what it rests on.")
        : check;
  }

  /**
   * Judges whether targets counted what a load added.
   *
   * @param own name of the load's own count; empty if it adds nothing
   * @param bad reason of a failure, with {@code %s} for all counts
   */
  public static Check counts(String name, SharedCounters all, String own, String good, String bad) {
    boolean exact = all.least() == all.most();
    String added = Numbers.count(all.least()) + (exact ? "" : " to " + Numbers.count(all.most()));
    Map<String, String> counts = new LinkedHashMap<>();
    all.counted().forEach((counter, count) -> counts.put(counter, Numbers.count(count)));
    if (!own.isEmpty()) {
      counts.put(own, added);
    }
    String figure =
        counts.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", "));
    String limit = own.isEmpty() ? "none" : exact ? "all equal" : added;
    String reason = all.holds() ? good : bad.formatted(figure);
    return Check.invariant(name, all.holds(), figure, limit, reason);
  }

  /** Keeps the worse of two checks of one name. */
  private static void put(Map<String, Check> checks, Check check) {
    checks.merge(
        check.name(),
        check,
        (known, other) -> other.outcome().compareTo(known.outcome()) > 0 ? other : known);
  }

  private Check of(RunRecord run, Check check) {
    if (check.outcome().compareTo(Outcome.PASS) <= 0) {
      return check;
    }
    String others =
        runs.stream()
            .filter(each -> !each.equals(run) && outcome(each, check.name()) == check.outcome())
            .map(each -> " " + index(each))
            .collect(Collectors.joining(","));
    String also = others.isEmpty() ? "" : " The same check in generator" + others + ".";
    return check.with(check.outcome(), "Generator " + index(run) + ": " + check.reason() + also);
  }

  /** Returns the outcome of a check that a run recorded; not evaluated if it has none. */
  private static Outcome outcome(RunRecord run, String check) {
    return run.recorded().stream()
        .filter(each -> each.name().equals(check))
        .map(Check::outcome)
        .findFirst()
        .orElse(Outcome.NOT_EVALUATED);
  }

  private static int index(RunRecord run) {
    return run.manifest().share().index();
  }

  private Check complete() {
    List<String> wrong = new ArrayList<>(missing);
    runs.stream()
        .filter(run -> outcome(run, ENDED) != Outcome.PASS)
        .map(run -> "generator " + index(run) + " did not come to its own end")
        .forEach(wrong::add);
    return Check.none(
        "generators_complete",
        wrong,
        count + " generators",
        "all " + count,
        "Every generator has come to its own end.",
        "The load is not whole: %s.");
  }

  /** Generators of one host have one clock; those of several are compared by the target's. */
  private Check clocks() {
    List<Manifest.Share> shares = runs.stream().map(run -> run.manifest().share()).toList();
    String name = "generator_clocks";
    String limit = "apart by no more than what is known, or " + APART_MS + " ms";
    Manifest.Share first = shares.get(0);
    if (shares.stream().allMatch(s -> !s.host().isEmpty() && s.host().equals(first.host()))) {
      return validity(name, true, "one host", limit, "All generators have the clock of one host.");
    }
    if (shares.stream().anyMatch(share -> share.clockBoundMs() == null)) {
      String reason =
          "The generators ran on several hosts, and the target reports no time to compare their"
              + " clocks with; their common start is as exact as the clocks agree.";
      return new Check(name, Kind.VALIDITY, Outcome.NOT_EVALUATED, "", limit, reason);
    }
    double apart = 0;
    boolean holds = true;
    for (Manifest.Share one : shares) {
      for (Manifest.Share other : shares) {
        double differ = Math.abs(one.clockMs() - other.clockMs());
        double bound = one.clockBoundMs() + other.clockBoundMs();
        apart = Math.max(apart, differ);
        holds &= differ <= bound + APART_MS;
      }
    }
    String words = Numbers.words(apart, "ms");
    return validity(
        name,
        holds,
        words,
        limit,
        holds
            ? "The clocks of the generators agree, by the target's."
            : "The clocks of the generators are " + words + " apart: they did not begin together.");
  }

  /** A threshold that cannot be judged over all must be met by each of them. */
  private Check ownLimits(KpiReport all) {
    Map<String, Outcome> open = new LinkedHashMap<>();
    Set<String> unknown =
        Stream.of(all.unchecked(), all.absent())
            .flatMap(figures -> figures.keySet().stream())
            .map(name -> name.replace('.', '_'))
            .collect(Collectors.toSet());
    for (RunRecord run : runs) {
      run.verdict().checks().stream()
          .filter(check -> check.kind() == Kind.THRESHOLD && !check.outcome().isGood())
          .filter(check -> unknown.stream().anyMatch(check.name()::startsWith))
          .forEach(
              check -> open.put(check.name() + " of generator " + index(run), check.outcome()));
    }
    Outcome worst = open.isEmpty() ? Outcome.PASS : Outcome.worst(open.values());
    String words =
        open.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", "));
    String reason =
        open.isEmpty()
            ? "Each generator met the thresholds that cannot be judged over all of them."
            : "Not every generator met the thresholds that cannot be judged over all of them: "
                + (words + ".");
    String figure = open.size() + " not met";
    return new Check("own_limits", Kind.INVARIANT, worst, figure, "met by each", reason);
  }
}
