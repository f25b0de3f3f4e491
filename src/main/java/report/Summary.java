package report;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import kpi.Manifest;
import verdict.Check;
import verdict.Numbers;

/**
 * summary.md: a run in a few lines of GitHub-flavoured Markdown, for the page of a CI job. It lists
 * what needs attention; report.html has the rest.
 */
record Summary(RunFiles run, Headline headline, ComparisonSection comparison, StringBuilder text) {
  /** Rows of each table that a phone can show. */
  static final int ROWS_MAX = 15;

  private static final int UNIT_CHARACTERS = 20;
  private static final int REASON_CHARACTERS = 200;
  private static final int SENTENCE_CHARACTERS = 400;

  static String of(RunFiles run) {
    ComparisonSection comparison = ComparisonSection.of(run);
    Headline headline = Headline.of(run, comparison);
    return new Summary(run, headline, comparison, new StringBuilder()).markdown();
  }

  private String markdown() {
    String what = headline.simulation() + ", " + headline.profile();
    text.append("# ").append(headline.verdict()).append(": ");
    text.append(Markdown.text(what, SENTENCE_CHARACTERS)).append("\n\n");
    paragraph("Verdict", headline.sentence());
    paragraph("What ran", headline.ran());
    paragraph("This run is " + headline.belief(), headline.why());
    paragraph(comparison.lead(), comparison.tally());
    run.missing().forEach(missing -> paragraph("Missing, " + missing.file(), missing.why()));
    checks();
    stages();
    changes();
    evidence();
    return text.toString();
  }

  private void paragraph(String lead, String sentence) {
    if (!sentence.isBlank()) {
      text.append("**").append(Markdown.text(lead, SENTENCE_CHARACTERS)).append(":** ");
      text.append(Markdown.text(sentence, SENTENCE_CHARACTERS)).append("\n\n");
    }
  }

  /** Four columns fit on a phone; so the reason stands below the name. */
  private void checks() {
    if (headline.loud().isEmpty()) {
      // The sentence of a green verdict counts them already.
      text.append(run.checks().isEmpty() ? headline.quiet() + "\n\n" : "");
      return;
    }
    List<Check> loud = headline.loud().stream().map(Headline.Loud::check).toList();
    table(
        "Checks",
        List.of("outcome", "check", "figure", "limit"),
        shown(loud),
        check ->
            List.of(
                check.outcome().name(),
                Markdown.name(check.name()) + "<br>" + reason(check.reason()),
                reason(check.figure()),
                reason(check.limit())));
    text.append(more(loud, "checks did not pass")).append(headline.quiet()).append("\n\n");
  }

  private void stages() {
    StageTable table = StageTable.of(run.kpi(), figure -> "");
    if (table.names().isEmpty()) {
      return;
    }
    Stream<String> names = table.names().stream().map(name -> Markdown.text(name, UNIT_CHARACTERS));
    table(
        "Stages",
        Stream.concat(Stream.of("stage"), names).toList(),
        table.rows(),
        row -> {
          String unit = row.unit().isEmpty() ? "" : " " + row.unit();
          Stream<String> figures = row.cells().stream().map(cell -> cell.figure() + unit);
          return Stream.concat(Stream.of(reason(row.name())), figures).toList();
        });
  }

  private void changes() {
    List<ComparisonSection.Row> notable =
        comparison.changes().stream().filter(row -> row.change().hasMoved()).toList();
    if (notable.isEmpty()) {
      return;
    }
    table(
        "Changes since the baseline",
        List.of("figure", "baseline → this run", "change", "outcome"),
        shown(notable),
        change ->
            List.of(
                Markdown.name(change.name()),
                values(change),
                change.words() + noise(change),
                change.outcome().isEmpty() ? "no rule" : change.outcome()));
    text.append(more(notable, "figures moved"));
    text.append("Noise is the change that the spread of the baseline's own runs can explain.\n\n");
  }

  private void evidence() {
    text.append("## Evidence\n\n");
    text.append("Run folder ");
    text.append(Markdown.name(headline.simulation() + "." + headline.profile()));
    text.append(", the run of ");
    text.append(Markdown.text(origin(), SENTENCE_CHARACTERS)).append(".\n\n");
    text.append("`report.html` has every figure and chart. It is made from ");
    text.append('`').append(String.join("`, `", run.files())).append("`.");
    boolean managed = run.manifest().mode().equals("managed");
    text.append(managed ? " The output of the processes is in `logs`.\n" : "\n");
  }

  private String origin() {
    Manifest.Git git = run.manifest().git();
    return headline.when()
        + (", commit " + ComparisonSection.abbreviated(git.commit()))
        + (git.dirty() ? " with local changes" : "")
        + (", seed " + run.manifest().seed());
  }

  private <T> void table(
      String heading, List<String> head, List<T> rows, Function<T, List<String>> cells) {
    text.append("## ").append(heading).append("\n\n");
    row(head);
    text.append("|").append(" --- |".repeat(head.size())).append("\n");
    rows.stream().map(cells).forEach(this::row);
    text.append('\n');
  }

  private void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String reason(String words) {
    return Markdown.text(words, REASON_CHARACTERS);
  }

  private static String values(ComparisonSection.Row change) {
    String unit = Markdown.text(change.unit(), UNIT_CHARACTERS);
    return change.baseline() + " → " + change.figure() + (unit.isEmpty() ? "" : " " + unit);
  }

  private static String noise(ComparisonSection.Row change) {
    return change.noise().equals(Shown.NONE) ? "" : " (noise " + change.noise() + ")";
  }

  private static <T> List<T> shown(List<T> rows) {
    return rows.subList(0, Math.min(ROWS_MAX, rows.size()));
  }

  private static String more(List<?> rows, String what) {
    int left = rows.size() - shown(rows).size();
    return left > 0 ? "And " + Numbers.count(left) + " more " + what + ". " : "";
  }
}
