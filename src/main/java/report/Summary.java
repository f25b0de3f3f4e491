package report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import verdict.Numbers;

/**
 * summary.md: a run in a few lines of GitHub-flavoured Markdown, for the page of a CI job. It lists
 * what needs attention; report.html has the rest. The template calls these methods, and puts every
 * text of the run folder into one of the {@code as…} sections.
 */
record Summary(RunFiles run, Headline headline, ComparisonSection comparison) {
  /** Rows of each table that a phone can show. */
  private static final int ROWS_MAX = 15;

  private static final int UNIT_CHARACTERS = 20;
  private static final int REASON_CHARACTERS = 200;
  private static final int SENTENCE_CHARACTERS = 400;

  static String of(RunFiles run) throws IOException {
    ComparisonSection comparison = ComparisonSection.of(run);
    Summary summary = new Summary(run, Headline.of(run, comparison), comparison);
    return Template.filled("report/summary.md", Markdown::text, summary, Map.of());
  }

  List<Headline.Loud> loud() {
    return shown(headline.loud());
  }

  String loudLeft() {
    return left(headline.loud());
  }

  StageTable stages() {
    return StageTable.of(run.kpi(), figure -> "");
  }

  List<ComparisonSection.Row> moved() {
    return shown(allMoved());
  }

  String movedLeft() {
    return left(allMoved());
  }

  private List<ComparisonSection.Row> allMoved() {
    return comparison.changes().stream().filter(row -> row.change().hasMoved()).toList();
  }

  String commit() {
    return ComparisonSection.abbreviated(run.manifest().git().commit());
  }

  boolean managed() {
    return run.manifest().mode().equals("managed");
  }

  Mustache.Lambda asName() {
    return as(Markdown::name);
  }

  Mustache.Lambda asUnit() {
    return as(text -> Markdown.text(text, UNIT_CHARACTERS));
  }

  Mustache.Lambda asCell() {
    return as(text -> Markdown.text(text, REASON_CHARACTERS));
  }

  Mustache.Lambda asSentence() {
    return as(text -> Markdown.text(text, SENTENCE_CHARACTERS));
  }

  private static Mustache.Lambda as(UnaryOperator<String> escaper) {
    return (fragment, out) -> out.write(escaper.apply(fragment.execute()));
  }

  private static <T> List<T> shown(List<T> rows) {
    return rows.subList(0, Math.min(ROWS_MAX, rows.size()));
  }

  /** Returns how many rows are not shown; empty for none. */
  private static String left(List<?> rows) {
    return rows.size() > ROWS_MAX ? Numbers.count(rows.size() - ROWS_MAX) : "";
  }
}
