package report;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import kpi.Timeline.Span;
import verdict.Check;
import verdict.Check.Outcome;
import verdict.Verdict;

/**
 * junit.xml: one test case per check, for CI servers. FAIL is a failure; INVALID and INCONCLUSIVE
 * are errors, for a test without a result did not pass; WARN passes with a note in its output. A
 * check that was not evaluated and a comparison that does not count in the verdict are skipped.
 *
 * <p>The time of the run is that of its first case, for all others are checks of the same time, and
 * CI servers add cases up. The file is one by the schema of Jenkins (junit-10.xsd), and by that of
 * Surefire but for the host's name, which Ant's requires.
 */
final class JUnitXml {
  private static final Mustache.Escaper MARKUP =
      Escapers.simple(
          new String[][] {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});

  /** What XML 1.0 has no way to write: most control characters, and halves of characters. */
  private static final Pattern ILLEGAL =
      Pattern.compile("[^\\t\\n\\r -\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

  private JUnitXml() {}

  /**
   * A test case, whose methods the template calls.
   *
   * @param element {@code failure}, {@code error}, {@code skipped} or {@code system-out}; empty for
   *     a check that passed
   * @param time in seconds
   */
  record Case(String kind, Check check, String element, long time) {
    static Case of(String kind, Check check, boolean counts, long time) {
      String element =
          switch (check.outcome()) {
            case NOT_EVALUATED -> "skipped";
            case PASS -> "";
            case WARN -> "system-out";
            case FAIL -> "failure";
            case INVALID, INCONCLUSIVE -> counts ? "error" : "skipped";
          };
      return new Case(kind, check, element, time);
    }

    boolean red() {
      return element.equals("failure") || element.equals("error");
    }

    boolean skipped() {
      return element.equals("skipped");
    }

    boolean warned() {
      return element.equals("system-out");
    }
  }

  static String of(RunFiles run) throws IOException {
    Headline headline = Headline.of(run, ComparisonSection.of(run));
    long time =
        Math.round(run.manifest().phases().stream().mapToDouble(Span::endS).max().orElse(0));
    List<Case> cases = cases(run, headline, time);
    return Template.filled(
        "report/junit.xml",
        JUnitXml::escaped,
        Map.of(
            "suite", headline.simulation() + "." + headline.profile(),
            // The schemas know neither fractions nor zones.
            "started", run.manifest().started().replaceFirst("(T[0-9:]{8}).*", "$1"),
            "time", time,
            "cases", cases,
            "tests", cases.size(),
            "failures", count(cases, "failure"),
            "errors", count(cases, "error"),
            "skipped", count(cases, "skipped")),
        Map.of());
  }

  /** Returns the checks, and the verdict itself if it is red and no check is. */
  private static List<Case> cases(RunFiles run, Headline headline, long time) {
    List<Case> cases = new ArrayList<>();
    if (run.verdict().isPresent()) {
      Verdict verdict = run.verdict().get();
      for (Check check : verdict.checks()) {
        long own = cases.isEmpty() ? time : 0;
        cases.add(Case.of(check.kind().word(), check, verdict.counts(check), own));
      }
    }
    boolean green = headline.tone().isGood() && !cases.isEmpty();
    if (!green && cases.stream().noneMatch(Case::red)) {
      Outcome outcome = headline.tone().isGood() ? Outcome.INCONCLUSIVE : headline.tone();
      String reason = headline.sentence() + " " + headline.quiet();
      Check verdict =
          new Check("verdict", Check.Kind.VALIDITY, outcome, headline.verdict(), "PASS", reason);
      cases.add(Case.of("verdict", verdict, true, cases.isEmpty() ? time : 0));
    }
    return cases;
  }

  private static long count(List<Case> cases, String element) {
    return cases.stream().filter(each -> each.element().equals(element)).count();
  }

  private static String escaped(String text) {
    return MARKUP.escape(ILLEGAL.matcher(text).replaceAll("\uFFFD"));
  }
}
