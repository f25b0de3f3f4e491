package report;

import java.util.ArrayList;
import java.util.List;
import kpi.Manifest;
import verdict.Check;
import verdict.Numbers;

/**
 * summary.md: a run in a few lines of GitHub-flavoured Markdown, for the page of a CI job. It lists
 * what needs attention; report.html has the rest.
 */
final class Summary {
  /** Rows of each table that a phone can show. */
  static final int ROWS_MAX = 15;

  private static final int UNIT_CHARACTERS = 20;
  private static final int REASON_CHARACTERS = 200;
  private static final int SENTENCE_CHARACTERS = 400;

  private final RunFiles run;
  private final Headline headline;
  private final ComparisonSection comparison;
  private final StringBuilder text = new StringBuilder();

  private Summary(RunFiles run) {
    Marks marks = Marks.of(run);
    this.run = run;
    this.headline = Headline.of(run, marks);
    this.comparison = marks.comparison();
  }

  static String of(RunFiles run) {
    return new Summary(run).markdown();
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
    table("Checks", List.of("outcome", "check", "figure", "limit"));
    for (Headline.Loud loud : headline.loud().subList(0, shown(headline.loud()))) {
      Check check = loud.check();
      row(
          check.outcome().name(),
          Markdown.name(check.name()) + "<br>" + reason(check.reason()),
          reason(check.figure()),
          reason(check.limit()));
    }
    text.append('\n').append(more(headline.loud(), "checks did not pass")).append(headline.quiet());
    text.append("\n\n");
  }

  private void stages() {
    StageTable table = StageTable.of(run.kpi(), figure -> "");
    if (table.names().isEmpty()) {
      return;
    }
    List<String> head = new ArrayList<>(List.of("stage"));
    table.names().forEach(name -> head.add(Markdown.text(name, UNIT_CHARACTERS)));
    table("Stages", head);
    for (StageTable.Row row : table.rows()) {
      List<String> cells = new ArrayList<>(List.of(Markdown.text(row.name(), REASON_CHARACTERS)));
      String unit = row.unit().isEmpty() ? "" : " " + row.unit();
      row.cells().forEach(cell -> cells.add(cell.figure() + unit));
      row(cells.toArray(String[]::new));
    }
    text.append('\n');
  }

  private void changes() {
    List<ChangeRow> notable = comparison.changes().stream().filter(ChangeRow::notable).toList();
    if (notable.isEmpty()) {
      return;
    }
    table(
        "Changes since the baseline",
        List.of("figure", "baseline → this run", "change", "outcome"));
    for (ChangeRow change : notable.subList(0, shown(notable))) {
      row(
          Markdown.name(change.name()),
          values(change),
          change.words() + noise(change),
          change.outcome().isEmpty() ? "no rule" : change.outcome());
    }
    text.append('\n').append(more(notable, "figures moved"));
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

  private void table(String heading, List<String> head) {
    text.append("## ").append(heading).append("\n\n");
    row(head.toArray(String[]::new));
    text.append("|").append(" --- |".repeat(head.size())).append("\n");
  }

  /** Appends a row of a table; the cells are Markdown already. */
  private void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String reason(String words) {
    return Markdown.text(words, REASON_CHARACTERS);
  }

  private static String values(ChangeRow change) {
    String unit = Markdown.text(change.unit(), UNIT_CHARACTERS);
    return change.baseline() + " → " + change.figure() + (unit.isEmpty() ? "" : " " + unit);
  }

  private static String noise(ChangeRow change) {
    return change.noise().equals(Shown.NONE) ? "" : " (noise " + change.noise() + ")";
  }

  private static int shown(List<?> rows) {
    return Math.min(ROWS_MAX, rows.size());
  }

  private static String more(List<?> rows, String what) {
    int left = rows.size() - shown(rows);
    return left > 0 ? "And " + Numbers.count(left) + " more " + what + ". " : "";
  }
}
