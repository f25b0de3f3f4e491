package report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kpi.Manifest;
import verdict.Check;
import verdict.Check.Outcome;
import verdict.Numbers;
import verdict.Verdict;

/**
 * The first screen.
 *
 * @param verdict an {@link Outcome}, or NO VERDICT
 * @param belief {@code valid}, {@code doubtful} or {@code not valid}
 * @param loud the checks that count and did not pass, the worst first
 */
record Headline(
    String simulation,
    String profile,
    String ran,
    String when,
    String verdict,
    Outcome tone,
    String sentence,
    String belief,
    boolean believable,
    String why,
    List<Loud> loud,
    String quiet,
    String gatlingReport) {
  /** More open checks with one reason are listed as one. */
  private static final int ALIKE_MAX = 2;

  private static final List<Outcome> LOUD_FIRST =
      List.of(
          Outcome.INVALID,
          Outcome.FAIL,
          Outcome.WARN,
          Outcome.INCONCLUSIVE,
          Outcome.NOT_EVALUATED,
          Outcome.PASS);

  private static final Set<Outcome> OPEN = Set.of(Outcome.INCONCLUSIVE, Outcome.NOT_EVALUATED);

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /**
   * A check that did not pass.
   *
   * @param change what it is about, if that is a change since the baseline; else null
   */
  record Loud(Check check, ComparisonSection.Row change) {}

  private record Belief(String word, String why) {}

  /** Returns the loud checks that were evaluated. */
  List<Loud> decisive() {
    return loud.stream().filter(one -> !isNotEvaluated(one)).toList();
  }

  /** Returns the loud checks that were not, which must not push the figures off the screen. */
  List<Loud> notEvaluated() {
    return loud.stream().filter(Headline::isNotEvaluated).toList();
  }

  private static boolean isNotEvaluated(Loud one) {
    return one.check.outcome() == Outcome.NOT_EVALUATED;
  }

  static Headline of(RunFiles run, ComparisonSection comparison) {
    Manifest manifest = run.manifest();
    Outcome tone = run.verdict().map(Verdict::verdict).orElse(Outcome.INVALID);
    Belief belief = belief(tone, run.verdict().isPresent(), run.checks());
    return new Headline(
        or(manifest.simulation(), "(unnamed simulation)"),
        or(manifest.profile(), "default"),
        or(manifest.sentence(), "The manifest does not describe the run."),
        when(manifest),
        run.verdict().isPresent() ? tone.name() : "NO VERDICT",
        tone,
        run.verdict()
            .map(one -> one.sentence() == null ? "" : one.sentence())
            .orElse("The run ended before it was judged, or its verdict cannot be read."),
        belief.word(),
        belief.word().equals("valid"),
        belief.why(),
        run.verdict().map(one -> loud(one, comparison)).orElse(List.of()),
        run.checks().isEmpty() ? "Nothing was checked." : Verdict.tally(run.checks()),
        localAddress(manifest.gatlingReport()));
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static List<Loud> loud(Verdict verdict, ComparisonSection comparison) {
    Map<Object, List<Check>> alike =
        verdict
            .troubles()
            .filter(verdict::counts)
            .sorted(Comparator.comparing(check -> weight(check.outcome())))
            .collect(
                groupingBy(
                    c -> OPEN.contains(c.outcome()) ? c.reason() : c,
                    LinkedHashMap::new,
                    toList()));
    return alike.values().stream()
        .flatMap(
            checks ->
                checks.size() > ALIKE_MAX
                    ? Stream.of(new Loud(together(checks), null))
                    : checks.stream().map(check -> new Loud(check, comparison.change(check))))
        .toList();
  }

  /** Joins checks with one reason: an invalid run leaves every threshold open. */
  private static Check together(List<Check> alike) {
    Check first = alike.get(0);
    String name = first.name() + " and " + Numbers.count(alike.size() - 1) + " more";
    return new Check(name, first.kind(), first.outcome(), "", "", first.reason());
  }

  private static Belief belief(Outcome verdict, boolean judged, List<Check> checks) {
    List<Check> validity =
        checks.stream().filter(check -> check.kind() == Check.Kind.VALIDITY).toList();
    Optional<String> broken = first(validity, Set.of(Outcome.INVALID, Outcome.FAIL));
    Optional<String> open = first(validity, Set.of(Outcome.INCONCLUSIVE));
    if (broken.isPresent() || !judged || verdict == Outcome.INVALID) {
      return new Belief(
          "not valid", broken.orElse("No figure of this run may be compared with anything."));
    }
    if (validity.isEmpty()) {
      return new Belief("doubtful", "The run did not check its own validity.");
    }
    String passed = validity.size() == 1 ? " validity check passed." : " validity checks passed.";
    return open.map(reason -> new Belief("doubtful", reason))
        .orElse(new Belief("valid", Numbers.count(validity.size()) + passed));
  }

  private static Optional<String> first(List<Check> checks, Set<Outcome> outcomes) {
    return checks.stream()
        .filter(check -> outcomes.contains(check.outcome()))
        .map(check -> check.name() + ": " + check.reason())
        .findFirst();
  }

  /** Returns the rank of an outcome: INVALID first, for it takes the meaning from all others. */
  static int weight(Outcome outcome) {
    return outcome == null ? LOUD_FIRST.size() : LOUD_FIRST.indexOf(outcome);
  }

  private static String when(Manifest manifest) {
    int cpus = manifest.machine().cpus();
    String where = cpus > 0 ? " on " + cpus + (cpus == 1 ? " CPU" : " CPUs") : "";
    String started = manifest.started();
    return (started.isEmpty() ? "start unknown" : instant(started)) + where;
  }

  /** Returns an instant for readers; a text that is none stays as it is. */
  static String instant(String text) {
    try {
      return WHEN.format(Instant.parse(text));
    } catch (DateTimeException e) {
      return text;
    }
  }

  /** Returns an address on this disk; others, which could leave it or run code, are dropped. */
  private static String localAddress(String address) {
    boolean local = !address.contains(":") && !address.startsWith("/") && !address.contains("\\");
    return local ? address : "";
  }
}
