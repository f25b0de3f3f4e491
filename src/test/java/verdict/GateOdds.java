package verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import kpi.Kpi;

/**
 * How often a comparison warns and fails, found by making many baselines of drawn figures and
 * judging further draws by them, with the same code that judges a run.
 */
final class GateOdds {
  /** What a figure's runs are drawn from; the middle is 1. */
  enum Shape {
    /** Cut at 0, for no figure of a rule is less. */
    NORMAL {
      @Override
      double draw(double cv, double gaussian) {
        return Math.max(0, 1 + cv * gaussian);
      }
    },
    /** Long to the side of the worse, as latencies are. */
    LOG_NORMAL {
      @Override
      double draw(double cv, double gaussian) {
        return Math.exp(Math.sqrt(Math.log1p(cv * cv)) * gaussian);
      }
    };

    /** A figure whose standard deviation is that share of its mean. */
    abstract double draw(double cv, double gaussian);
  }

  /**
   * Shares of runs.
   *
   * @param flagged with WARN or FAIL
   * @param failed with FAIL
   */
  record Odds(double flagged, double failed) {
    private static final double ONE_DECIMAL = 9.95;

    /** The same for at least one of so many figures that know nothing of each other. */
    Odds ofAny(int figures) {
      return new Odds(1 - Math.pow(1 - flagged, figures), 1 - Math.pow(1 - failed, figures));
    }

    /** Both in per cent, as {@link #parse} reads them. */
    String words() {
      return words(flagged) + " / " + words(failed);
    }

    /** Reads what {@link #words} wrote. */
    static Odds parse(String words) {
      String[] shares = words.split(" / ", 2);
      return new Odds(Double.parseDouble(shares[0]) / 100, Double.parseDouble(shares[1]) / 100);
    }

    private static String words(double share) {
      double percent = 100 * share;
      return String.format(Locale.ROOT, percent < ONE_DECIMAL ? "%.1f" : "%.0f", percent);
    }
  }

  /** True changes for the worse, as shares: none, and those that a comparison should see. */
  static final double[] CHANGES = {0, 0.2, 0.6, 1};

  private static final double SCALE = 100;

  /** Further runs that are judged by each baseline, for each change. */
  private static final int FURTHER = 20;

  private final Rule rule;
  private final int baselines;
  private final SplittableRandom random;

  /**
   * @param rule by which runs are judged
   * @param baselines how many are made
   * @param seed of everything drawn
   */
  GateOdds(Rule rule, int baselines, long seed) {
    this.rule = rule;
    this.baselines = baselines;
    this.random = new SplittableRandom(seed);
  }

  /**
   * The odds for each of {@link #CHANGES}.
   *
   * @param runs behind each baseline
   * @param cv standard deviation of a run as a share of the mean
   * @return in the order of the changes
   */
  List<Odds> of(Shape shape, int runs, double cv) {
    int[] flagged = new int[CHANGES.length];
    int[] failed = new int[CHANGES.length];
    for (int made = 0; made < baselines; made++) {
      Spread spread = Spread.of(Kpi.TTFT, draws(shape, runs, cv));
      double noise = spread.noise();
      for (int run = 0; run < FURTHER; run++) {
        double unchanged = SCALE * shape.draw(cv, random.nextGaussian());
        for (int change = 0; change < CHANGES.length; change++) {
          double worseBy = (1 + CHANGES[change]) * unchanged - spread.centre();
          Check.Outcome grade = rule.judge(spread.percent(worseBy), worseBy, noise);
          flagged[change] += grade == Check.Outcome.PASS ? 0 : 1;
          failed[change] += grade == Check.Outcome.FAIL ? 1 : 0;
        }
      }
    }
    double all = (double) baselines * FURTHER;
    return IntStream.range(0, CHANGES.length)
        .mapToObj(change -> new Odds(flagged[change] / all, failed[change] / all))
        .toList();
  }

  private List<Double> draws(Shape shape, int runs, double cv) {
    double[] draws = new double[runs];
    Arrays.setAll(draws, run -> SCALE * shape.draw(cv, random.nextGaussian()));
    return Arrays.stream(draws).boxed().toList();
  }
}
