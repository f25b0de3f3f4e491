package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.GateOdds.Odds;
import verdict.GateOdds.Shape;

/**
 * What docs/KPIS.md says of how sure a comparison is, drawn again: few draws in every build, the
 * document's own with {@code -Dbaselines=50000}.
 */
class GateOddsTest {
  private static final Rule RULE = Rule.parse("ttft.p99 warn 20 % fail 50 %", 20);
  private static final long SEED = 42;
  private static final int BASELINES = 1_000;
  private static final int FIGURES = 15;

  /** So many standard errors may a build's few draws lie beside the document's many. */
  private static final double ERRORS = 4;

  /** Half of the last digit in the document. */
  private static final double ROUNDING = 0.005;

  /**
   * A line of the document.
   *
   * @param name its first three cells: runs, distribution, spread
   * @param odds unchanged, and then for each change
   */
  private record Row(String name, List<Odds> odds) {
    static Row drawn(int runs, Shape shape, int cvPct, int baselines) {
      String drawnFrom = shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
      return new Row(
          String.format(Locale.ROOT, "%d | %s | %d %%", runs, drawnFrom, cvPct),
          new GateOdds(RULE, baselines, SEED).of(shape, runs, cvPct / 100.0));
    }

    String line() {
      List<String> cells = new ArrayList<>(List.of(name));
      cells.add(odds.get(0).words());
      cells.add(odds.get(0).ofAny(FIGURES).words());
      odds.stream().skip(1).map(Odds::words).forEach(cells::add);
      return "| " + String.join(" | ", cells) + " |";
    }
  }

  @Test
  void the_document_has_the_figures_of_a_simulation_of_the_gate() throws IOException {
    List<Row> drawn = drawn(BASELINES);
    List<String> lines = document();
    assertThat(lines).hasSameSizeAs(drawn);
    for (int at = 0; at < drawn.size(); at++) {
      Row row = drawn.get(at);
      String[] cells = lines.get(at).substring(2).split(" \\|(?: |$)", -1);

      assertThat(String.join(" | ", Arrays.copyOf(cells, 3))).isEqualTo(row.name());
      near(row, cells[3], row.odds().get(0), 1);
      near(row, cells[4], row.odds().get(0), FIGURES);
      for (int change = 1; change < GateOdds.CHANGES.length; change++) {
        near(row, cells[4 + change], row.odds().get(change), 1);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "baselines", matches = "\\d+")
  void the_document_has_the_lines_of_so_many_baselines() throws IOException {
    assertThat(document())
        .containsExactlyElementsOf(
            drawn(Integer.getInteger("baselines")).stream().map(Row::line).toList());
  }

  /**
   * What is worse at all and beyond the noise warns: one run in a hundred, as the interval says.
   */
  @ParameterizedTest
  @CsvSource({"3", "5", "10"})
  void the_noise_holds_ninety_nine_of_a_hundred_further_runs(int runs) {
    Rule any = Rule.parse("ttft.p99 warn 0.001 %", 20);
    Odds unchanged = new GateOdds(any, 4 * BASELINES, SEED).of(Shape.NORMAL, runs, 0.05).get(0);

    assertThat(unchanged.flagged()).isBetween(0.007, 0.014);
  }

  @ParameterizedTest
  @CsvSource({"3", "5", "10"})
  void figures_that_vary_by_a_tenth_or_less_cry_no_wolf_and_show_a_wolf(int runs) {
    for (Shape shape : Shape.values()) {
      for (double cv : new double[] {0.02, 0.05, 0.1}) {
        List<Odds> odds = new GateOdds(RULE, BASELINES, SEED).of(shape, runs, cv);

        assertThat(odds.get(0).ofAny(FIGURES).failed()).isLessThan(0.02);
        assertThat(odds.get(3).flagged()).isGreaterThan(0.97);
        assertThat(odds.get(3).failed()).isGreaterThan(cv < 0.1 ? 0.97 : runs == 3 ? 0.7 : 0.95);
      }
    }
  }

  @Test
  void more_runs_behind_a_baseline_find_more() {
    for (double cv : new double[] {0.1, 0.2, 0.4}) {
      List<Double> failed =
          Stream.of(3, 5, 10)
              .map(runs -> new GateOdds(RULE, BASELINES, SEED).of(Shape.NORMAL, runs, cv))
              .map(odds -> odds.get(2).failed())
              .toList();

      assertThat(failed).isSorted();
    }
  }

  /** The document's share lies where the build's draws can lie, whose error is at most this. */
  private static void near(Row row, String cell, Odds drawn, int figures) {
    Odds said = Odds.parse(cell);
    assertThat(said.flagged())
        .as("%s: flagged in '%s'", row.line(), cell)
        .isBetween(low(drawn.flagged(), figures), high(drawn.flagged(), figures));
    assertThat(said.failed())
        .as("%s: failed in '%s'", row.line(), cell)
        .isBetween(low(drawn.failed(), figures), high(drawn.failed(), figures));
  }

  private static double low(double share, int figures) {
    return any(Math.max(0, share - error(share)), figures) - ROUNDING;
  }

  private static double high(double share, int figures) {
    return any(Math.min(1, share + error(share)), figures) + ROUNDING;
  }

  private static double any(double share, int figures) {
    return new Odds(share, 0).ofAny(figures).flagged();
  }

  /** As if the runs that one baseline judges were but one: they share its luck. */
  private static double error(double share) {
    double least = 1.0 / BASELINES;
    return ERRORS * Math.sqrt(Math.max(least, share * (1 - share)) / BASELINES);
  }

  private static List<Row> drawn(int baselines) {
    List<Row> rows = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (int runs : new int[] {3, 5, 10}) {
        for (int cvPct : new int[] {2, 5, 10, 20, 40}) {
          rows.add(Row.drawn(runs, shape, cvPct, baselines));
        }
      }
    }
    return rows;
  }

  private static List<String> document() throws IOException {
    return Files.readAllLines(Path.of("docs", "KPIS.md")).stream()
        .dropWhile(line -> !line.startsWith("| runs |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
