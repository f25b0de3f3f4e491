package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Outcome;

/**
 * The false alarms and the power of a comparison in docs/KPIS.md, drawn again: few draws in every
 * build, the document's own with {@code -Dbaselines=50000}. Many baselines are made of drawn
 * figures, and further draws are judged by them, with the same code that judges a run.
 */
class GateOddsTest {
  private static final Rule RULE = Rule.parse("ttft.p99 warn 20 % fail 50 %", 20);
  private static final String NORMAL = "normal";

  /** Long to the side of the worse, as latencies are. */
  private static final String LOG_NORMAL = "log-normal";

  private static final int BASELINES = 1_000;
  private static final int FIGURES = 15;

  /** True changes for the worse, as shares: none, and those that a comparison should see. */
  private static final double[] CHANGES = {0, 0.2, 0.6, 1};

  /** Further runs that are judged by each baseline, for each change. */
  private static final int FURTHER = 20;

  /** So many standard errors may a build's few draws lie beside the document's many. */
  private static final double ERRORS = 4;

  /** Half of the last digit in the document. */
  private static final double ROUNDING = 0.005;

  /** Shares of runs with WARN or FAIL, and with FAIL alone. */
  private record Odds(double flagged, double failed) {
    /** The same for at least one of so many figures that know nothing of each other. */
    Odds ofAny(int figures) {
      return new Odds(1 - Math.pow(1 - flagged, figures), 1 - Math.pow(1 - failed, figures));
    }

    /** Both in per cent, as the document has them. */
    String words() {
      return words(flagged) + " / " + words(failed);
    }

    private static String words(double share) {
      return String.format(Locale.ROOT, share < 0.0995 ? "%.1f" : "%.0f", 100 * share);
    }
  }

  /**
   * A line of the document.
   *
   * @param name its first three cells: runs, distribution, spread
   * @param odds for each of {@link #CHANGES}
   */
  private record Row(String name, List<Odds> odds) {
    /** The odds in its further cells, with how many figures they are of. */
    List<Map.Entry<Odds, Integer>> cells() {
      List<Map.Entry<Odds, Integer>> cells = new ArrayList<>();
      odds.forEach(one -> cells.add(Map.entry(one, 1)));
      cells.add(1, Map.entry(odds.get(0), FIGURES));
      return cells;
    }

    String line() {
      return cells().stream()
          .map(cell -> cell.getKey().ofAny(cell.getValue()).words())
          .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
    }
  }

  /** The baseline is 100 ms, so that a change in ms is that in per cent, or 0, as of a slope. */
  @ParameterizedTest
  @CsvSource({
    // Beyond the noise of 30 ms, the share decides.
    "warn 20 % fail 50 %, 100, 19.99, 30, PASS",
    "warn 20 % fail 50 %, 100, 30, 30, PASS",
    "warn 20 % fail 50 %, 100, 30.01, 30, WARN",
    "warn 20 % fail 50 %, 100, 49.99, 30, WARN",
    "warn 20 % fail 50 %, 100, 50, 30, FAIL",
    // Within the noise, only the failing share warns.
    "warn 20 % fail 50 %, 100, 20, 19.99, WARN",
    "warn 20 % fail 50 %, 100, 20, 20, PASS",
    "warn 20 % fail 50 %, 100, 49.99, 60, PASS",
    "warn 20 % fail 50 %, 100, 50, 49.99, FAIL",
    "warn 20 % fail 50 %, 100, 50, 50, WARN",
    // A rule with one share.
    "warn 20 %, 100, 19.99, 0, PASS",
    "warn 20 %, 100, 5000, 9000, PASS",
    "fail 50 %, 100, 49.99, 0, PASS",
    "fail 50 %, 100, 50, 0, FAIL",
    "fail 50 %, 100, 50, 60, WARN",
    // A change of less than the least passes.
    "warn 1 % fail 2 % at least 5 ms, 100, 4.99, 0, PASS",
    "warn 1 % fail 2 % at least 5 ms, 100, 5, 0, FAIL",
    // Without a share, it counts beyond the noise.
    "warn 20 % fail 50 %, 0, 0, 0, PASS",
    "warn 20 % fail 50 %, 0, 2, 2, PASS",
    "warn 20 % fail 50 %, 0, 2.01, 2, FAIL",
    "warn 20 %, 0, 2, 2, PASS",
    "warn 20 %, 0, 2.01, 2, WARN",
    "warn 20 % fail 50 % at least 3 ms, 0, 2.99, 2, PASS",
    "warn 20 % fail 50 % at least 3 ms, 0, 3, 2, FAIL",
  })
  void a_change_is_judged_by_its_share_and_the_noise(
      String shares, double centre, double worse, double noise, Outcome outcome) {
    Rule rule = Rule.parse("ttft.p99 " + shares, 20);
    OptionalDouble share =
        centre > 0 ? OptionalDouble.of(100 * worse / centre) : OptionalDouble.empty();
    assertThat(rule.judge(share, worse, noise)).isEqualTo(outcome);
  }

  @Test
  void the_document_has_the_figures_of_a_simulation_of_the_gate() throws IOException {
    List<Row> drawn = drawn(BASELINES);
    List<String> lines = document();
    assertThat(lines).hasSameSizeAs(drawn);
    for (int at = 0; at < drawn.size(); at++) {
      Row row = drawn.get(at);
      String prefix = "| " + row.name() + " | ";
      assertThat(lines.get(at)).startsWith(prefix);
      String[] cells = lines.get(at).substring(prefix.length()).split(" \\|(?: |$)", -1);
      for (int cell = 0; cell < row.cells().size(); cell++) {
        Map.Entry<Odds, Integer> odds = row.cells().get(cell);
        near(row, cells[cell], odds.getKey(), odds.getValue());
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "baselines", matches = "\\d+")
  void the_document_has_the_lines_of_so_many_baselines() throws IOException {
    List<Row> drawn = drawn(Integer.getInteger("baselines"));
    assertThat(document()).containsExactlyElementsOf(drawn.stream().map(Row::line).toList());
  }

  /** The document's shares lie where the build's draws can lie, whose error is at most this. */
  private static void near(Row row, String cell, Odds drawn, int figures) {
    String[] shares = cell.split(" / ", 2);
    near(row.line() + ": flagged in " + cell, shares[0], drawn.flagged(), figures);
    near(row.line() + ": failed in " + cell, shares[1], drawn.failed(), figures);
  }

  /** As if the runs that one baseline judges were but one: they share its luck. */
  private static void near(String name, String percent, double share, int figures) {
    double least = 1.0 / BASELINES;
    double error = ERRORS * Math.sqrt(Math.max(least, share * (1 - share)) / BASELINES);
    Odds ends = new Odds(Math.max(0, share - error), Math.min(1, share + error)).ofAny(figures);
    assertThat(Double.parseDouble(percent) / 100)
        .as(name)
        .isBetween(ends.flagged() - ROUNDING, ends.failed() + ROUNDING);
  }

  private static List<Row> drawn(int baselines) {
    List<Row> rows = new ArrayList<>();
    for (String shape : List.of(NORMAL, LOG_NORMAL)) {
      for (int runs : new int[] {3, 5, 10}) {
        for (int cvPct : new int[] {2, 5, 10, 20, 40}) {
          String name = String.format(Locale.ROOT, "%d | %s | %d %%", runs, shape, cvPct);
          rows.add(new Row(name, odds(RULE, baselines, shape, runs, cvPct / 100.0)));
        }
      }
    }
    return rows;
  }

  /**
   * The odds for each of {@link #CHANGES}.
   *
   * @param runs behind each baseline
   * @param cv standard deviation of a run as a share of the mean
   */
  private static List<Odds> odds(Rule rule, int baselines, String shape, int runs, double cv) {
    SplittableRandom random = new SplittableRandom(42);
    int[] flagged = new int[CHANGES.length];
    int[] failed = new int[CHANGES.length];
    for (int made = 0; made < baselines; made++) {
      Spread spread =
          Spread.of(
              Kpi.TTFT,
              DoubleStream.generate(() -> draw(shape, cv, random)).limit(runs).boxed().toList());
      double noise = spread.noise();
      for (int run = 0; run < FURTHER; run++) {
        double unchanged = draw(shape, cv, random);
        for (int change = 0; change < CHANGES.length; change++) {
          double worseBy = unchanged * (1 + CHANGES[change]) - spread.centre();
          Outcome outcome = rule.judge(spread.percent(worseBy), worseBy, noise);
          flagged[change] += outcome == Outcome.PASS ? 0 : 1;
          failed[change] += outcome == Outcome.FAIL ? 1 : 0;
        }
      }
    }
    double all = (double) baselines * FURTHER;
    return IntStream.range(0, CHANGES.length)
        .mapToObj(change -> new Odds(flagged[change] / all, failed[change] / all))
        .toList();
  }

  /** The middle is 100; cut at 0, for no figure of a rule is less. */
  private static double draw(String shape, double cv, SplittableRandom random) {
    double gaussian = random.nextGaussian();
    return shape.equals(NORMAL)
        ? 100 * Math.max(0, 1 + cv * gaussian)
        : 100 * Math.exp(Math.sqrt(Math.log1p(cv * cv)) * gaussian);
  }

  private static List<String> document() throws IOException {
    return Files.readAllLines(Path.of("docs", "KPIS.md")).stream()
        .dropWhile(line -> !line.startsWith("| runs |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
