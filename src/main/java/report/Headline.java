package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import verdict.Numbers;

/**
 * The first screen.
 *
 * @param ran what was run, in a sentence
 * @param when start and machine, in a line
 * @param verdict the word, one of {@link Outcome}, or NO VERDICT
 * @param tone the outcome whose colour the page takes
 * @param belief {@code valid}, {@code doubtful} or {@code not valid}
 * @param believable whether the figures may be compared with anything
 * @param why why the run can be believed or not
 * @param loud the checks that did not pass, the worst first; that there was nothing to compare with
 *     is told on a line of its own, unless somebody asked for the comparison
 * @param quiet the checks that passed, as a sentence
 * @param gatlingReport relative address of Gatling's own report; empty if there is none
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

  /** So many open checks are told one by one although their reason is the same. */
  private static final int ALIKE_MAX = 2;

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /**
   * A check that did not pass.
   *
   * @param change what it looks at, if that is a change since the baseline; else null
   */
  record Loud(Check check, Change change) {}

  private record Belief(String word, String why) {}

  static Headline of(RunFolder run, Marks marks) {
    List<Check> checks = marks.checks();
    JsonNode manifest = run.manifest();
    JsonNode verdict = run.verdict();
    boolean judged = verdict.path("verdict").isTextual();
    Outcome tone = judged ? Outcome.of(verdict.path("verdict").asText()) : Outcome.INVALID;
    Belief belief = belief(judged, tone, checks);
    return new Headline(
        manifest.path("simulation").asText("(unnamed simulation)"),
        manifest.path("profile").asText("default"),
        manifest.path("sentence").asText("The manifest does not say what was run."),
        when(manifest),
        judged ? tone.name() : "NO VERDICT",
        tone,
        judged
            ? verdict.path("sentence").asText("")
            : "The run ended before it was judged, or its verdict cannot be read.",
        belief.word(),
        belief.word().equals("valid"),
        belief.why(),
        loud(verdict, marks),
        quiet(checks),
        localAddress(manifest.path("gatling_report").asText("")));
  }

  private static List<Loud> loud(JsonNode verdict, Marks marks) {
    List<Check> loud =
        marks.checks().stream()
            .filter(Check::loud)
            .filter(check -> !check.open(verdict))
            .sorted(Comparator.comparing(Check::outcome, Comparator.comparing(Headline::weight)))
            .toList();
    Map<String, List<Check>> open = new LinkedHashMap<>();
    List<Loud> told = new ArrayList<>();
    for (Check check : loud) {
      if (check.outcome() == Outcome.INCONCLUSIVE) {
        open.computeIfAbsent(check.reason(), reason -> new ArrayList<>()).add(check);
      } else {
        told.add(new Loud(check, marks.change(check)));
      }
    }
    for (List<Check> alike : open.values()) {
      if (alike.size() > ALIKE_MAX) {
        told.add(new Loud(together(alike), null));
      } else {
        alike.forEach(check -> told.add(new Loud(check, marks.change(check))));
      }
    }
    return told;
  }

  /** An invalid run leaves every threshold open for one reason, which is told once. */
  private static Check together(List<Check> alike) {
    Check first = alike.get(0);
    String name = first.name() + " and " + Numbers.plain(alike.size() - 1) + " more";
    return new Check(name, first.kind(), first.outcome(), "", "", first.reason());
  }

  private static Belief belief(boolean judged, Outcome verdict, List<Check> checks) {
    List<Check> validity = checks.stream().filter(c -> c.kind().equals("validity")).toList();
    List<Check> broken = validity.stream().filter(c -> breaksValidity(c.outcome())).toList();
    if (!broken.isEmpty()) {
      return new Belief("not valid", broken.get(0).name() + ": " + broken.get(0).reason());
    }
    if (!judged || verdict == Outcome.INVALID) {
      return new Belief("not valid", "No figure of this run may be compared with anything.");
    }
    if (validity.isEmpty()) {
      return new Belief("doubtful", "The run did not check its own validity.");
    }
    List<Check> open = validity.stream().filter(c -> c.outcome() == Outcome.INCONCLUSIVE).toList();
    if (!open.isEmpty()) {
      return new Belief("doubtful", open.get(0).name() + ": " + open.get(0).reason());
    }
    return new Belief("valid", Numbers.plain(validity.size()) + " validity checks passed.");
  }

  private static boolean breaksValidity(Outcome outcome) {
    return outcome == Outcome.INVALID || outcome == Outcome.FAIL;
  }

  /** INVALID before FAIL: it takes the meaning from all others. */
  static int weight(Outcome outcome) {
    return switch (outcome) {
      case INVALID -> 0;
      case FAIL -> 1;
      case WARN -> 2;
      case INCONCLUSIVE -> 3;
      case PASS -> 4;
    };
  }

  private static String quiet(List<Check> checks) {
    if (checks.isEmpty()) {
      return "Nothing was checked.";
    }
    long passed = checks.stream().filter(check -> !check.loud()).count();
    return passed == checks.size()
        ? "All " + passed + " checks passed."
        : passed + " of " + checks.size() + " checks passed.";
  }

  private static String when(JsonNode manifest) {
    JsonNode machine = manifest.path("machine");
    int cpus = machine.path("cpus").asInt();
    String where = cpus > 0 ? " on " + cpus + (cpus == 1 ? " CPU" : " CPUs") : "";
    String started = manifest.path("started").asText("");
    return (started.isEmpty() ? "start unknown" : instant(started)) + where;
  }

  /** An instant as people read it; what is none is shown as it stands. */
  static String instant(String text) {
    try {
      return WHEN.format(Instant.parse(text));
    } catch (DateTimeException e) {
      return text;
    }
  }

  /**
   * A manifest from elsewhere must not smuggle in an address that leaves this disk or runs code.
   */
  private static String localAddress(String address) {
    boolean local = !address.contains(":") && !address.startsWith("/") && !address.contains("\\");
    return local ? address : "";
  }
}
