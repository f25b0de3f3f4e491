package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import verdict.Numbers;

/**
 * summary.md: a run in a few lines of GitHub-flavoured Markdown, for the page of a CI job. It says
 * what has to be looked at; report.html has the rest.
 */
public final class Summary {
  /** Of each table: more is not read on a phone. */
  static final int ROWS_MAX = 15;

  private static final String FILE = "summary.md";
  private static final int UNIT_CHARACTERS = 20;
  private static final int REASON_CHARACTERS = 200;
  private static final int SENTENCE_CHARACTERS = 400;

  private final RunFolder run;
  private final boolean checked;
  private final Headline headline;
  private final Comparison comparison;
  private final StringBuilder text = new StringBuilder();

  private Summary(RunFolder run) {
    Marks marks = Marks.of(run);
    this.run = run;
    this.checked = !marks.checks().isEmpty();
    this.headline = Headline.of(run, marks);
    this.comparison = marks.comparison();
  }

  /**
   * Writes summary.md into a run folder, over an older one.
   *
   * @return the file
   * @throws IOException if there is no readable manifest.json, or the file cannot be written
   */
  public static Path write(Path runFolder) throws IOException {
    String markdown = new Summary(RunFolder.read(runFolder)).markdown();
    return Files.writeString(runFolder.resolve(FILE), markdown);
  }

  private String markdown() {
    String what = headline.simulation() + ", " + headline.profile();
    text.append("# ").append(headline.verdict()).append(": ");
    text.append(Markdown.text(what, SENTENCE_CHARACTERS)).append("\n\n");
    paragraph("Verdict", headline.sentence());
    paragraph("What ran", headline.ran());
    paragraph("This run is " + headline.belief(), headline.why());
    paragraph(comparison.lead(), comparison.tally());
    missing();
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

  private void missing() {
    for (Missing missing : run.missing()) {
      paragraph("Missing, " + missing.file(), missing.why());
    }
  }

  /** Four columns fit on a phone; so the reason stands below the name. */
  private void checks() {
    if (headline.loud().isEmpty()) {
      // The sentence of a green verdict has said that all hold.
      text.append(checked ? "" : headline.quiet() + "\n\n");
      return;
    }
    text.append("## Checks\n\n");
    text.append(Markdown.row(List.of("outcome", "check", "figure", "limit")));
    text.append(Markdown.rule(4));
    for (Headline.Loud loud : headline.loud().subList(0, shown(headline.loud()))) {
      Check check = loud.check();
      text.append(
          Markdown.row(
              List.of(
                  check.outcome().name(),
                  Markdown.name(check.name()) + "<br>" + reason(check.reason()),
                  reason(check.figure()),
                  reason(check.limit()))));
    }
    text.append('\n').append(more(headline.loud(), "checks did not pass")).append(headline.quiet());
    text.append("\n\n");
  }

  private void stages() {
    StageTable table = StageTable.of(run.kpi(), figure -> "");
    if (table.names().isEmpty()) {
      return;
    }
    text.append("## Stages\n\n");
    List<String> head = new ArrayList<>(List.of("stage"));
    table.names().forEach(name -> head.add(Markdown.text(name, UNIT_CHARACTERS)));
    text.append(Markdown.row(head)).append(Markdown.rule(head.size()));
    for (StageTable.Row row : table.rows()) {
      List<String> cells = new ArrayList<>(List.of(Markdown.text(row.name(), REASON_CHARACTERS)));
      String unit = row.unit().isEmpty() ? "" : " " + row.unit();
      row.cells().forEach(cell -> cells.add(cell.figure() + unit));
      text.append(Markdown.row(cells));
    }
    text.append('\n');
  }

  private void changes() {
    List<Change> notable = comparison.changes().stream().filter(Change::notable).toList();
    if (notable.isEmpty()) {
      return;
    }
    text.append("## Changes since the baseline\n\n");
    text.append(Markdown.row(List.of("figure", "baseline → this run", "change", "outcome")));
    text.append(Markdown.rule(4));
    for (Change change : notable.subList(0, shown(notable))) {
      boolean judged = !change.outcome().isEmpty();
      text.append(
          Markdown.row(
              List.of(
                  Markdown.name(change.name()),
                  values(change),
                  change.words() + noise(change),
                  judged ? change.outcome() : "no rule")));
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
    text.append(files()).append('.');
    boolean managed = run.manifest().path("mode").asText("").equals("managed");
    text.append(managed ? " What the processes said is in `logs`.\n" : "\n");
  }

  private String origin() {
    JsonNode manifest = run.manifest();
    String commit = manifest.path("git").path("commit").asText("");
    String dirty = manifest.path("git").path("dirty").asBoolean() ? " with local changes" : "";
    String seed = manifest.path("seed").asText("");
    return headline.when()
        + (commit.isEmpty() ? "" : ", commit " + Comparison.abbreviated(commit) + dirty)
        + (seed.isEmpty() ? "" : ", seed " + seed);
  }

  private String files() {
    List<String> files = new ArrayList<>(List.of("manifest.json"));
    addIf(files, "kpi.json", run.kpi().isObject());
    addIf(files, "verdict.json", run.verdict().isObject());
    addIf(files, "comparison.json", run.comparison().isObject());
    addIf(files, "baseline.json", run.baseline().isObject());
    addIf(files, "samples.ndjson", !run.samples().isEmpty());
    addIf(files, "*.hlog", !run.histograms().isEmpty());
    return "`" + String.join("`, `", files) + "`";
  }

  private static void addIf(List<String> files, String name, boolean there) {
    if (there) {
      files.add(name);
    }
  }

  private static String reason(String words) {
    return Markdown.text(words, REASON_CHARACTERS);
  }

  private static String values(Change change) {
    String unit = Markdown.text(change.unit(), UNIT_CHARACTERS);
    return change.baseline() + " → " + change.figure() + (unit.isEmpty() ? "" : " " + unit);
  }

  private static String noise(Change change) {
    return change.noise().equals(JsonNumbers.NONE) ? "" : " (noise " + change.noise() + ")";
  }

  private static int shown(List<?> rows) {
    return Math.min(ROWS_MAX, rows.size());
  }

  private static String more(List<?> rows, String what) {
    int left = rows.size() - shown(rows);
    return left > 0 ? "And " + Numbers.count(left) + " more " + what + ". " : "";
  }
}
