package report;

import static java.util.Map.entry;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import verdict.Numbers;

/**
 * summary.md: a run in a few lines of GitHub-flavoured Markdown, for the page of a CI job. It lists
 * what needs attention; report.html has the rest. The template puts every text of the run folder
 * into one of the {@code as…} sections.
 */
final class Summary {
  /** Rows of each table that a phone can show. */
  private static final int ROWS_MAX = 15;

  private static final int UNIT_CHARACTERS = 20;
  private static final int REASON_CHARACTERS = 200;
  private static final int SENTENCE_CHARACTERS = 400;

  private Summary() {}

  static String of(RunFiles run) throws IOException {
    ComparisonSection comparison = ComparisonSection.of(run);
    Headline headline = Headline.of(run, comparison);
    List<ComparisonSection.Row> moved =
        comparison.changes().stream().filter(row -> row.change().hasMoved()).toList();
    Map<String, Object> model =
        Map.ofEntries(
            entry("run", run),
            entry("headline", headline),
            entry("comparison", comparison),
            entry("stages", StageTable.of(run.kpi(), figure -> "")),
            entry("generators", GeneratorTable.of(run.manifest().generators())),
            entry("loud", shown(headline.loud())),
            entry("loudLeft", left(headline.loud())),
            entry("moved", shown(moved)),
            entry("movedLeft", left(moved)),
            entry("commit", ComparisonSection.abbreviated(run.manifest().git().commit())),
            entry("managed", run.manifest().mode().equals("managed")),
            entry("asName", as(Markdown::name)),
            entry("asUnit", as(text -> Markdown.text(text, UNIT_CHARACTERS))),
            entry("asCell", as(text -> Markdown.text(text, REASON_CHARACTERS))),
            entry("asSentence", as(text -> Markdown.text(text, SENTENCE_CHARACTERS))));
    return Template.filled("report/summary.md", Markdown::text, model, Map.of());
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
