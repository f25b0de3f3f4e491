package targets.defects;

import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import targets.llm.StreamPlan;

/** A right plan with one mistake in it. */
sealed interface DefectivePlan extends StreamPlan {
  /** The plan without the mistake. */
  StreamPlan right();

  @Override
  default int tokens() {
    return right().tokens();
  }

  @Override
  default String token(int step) {
    return right().token(step);
  }

  @Override
  default long dueNs(int step, long previousNs) {
    return right().dueNs(step, previousNs);
  }

  @Override
  default Ending ending() {
    return right().ending();
  }

  /**
   * Tokens missing, doubled or out of order.
   *
   * @param right the plan without the mistake
   * @param tokens how many are sent
   * @param word the right step whose word a step has
   * @param time which right step's due time a step has
   */
  record WithOrder(StreamPlan right, int tokens, IntUnaryOperator word, IntUnaryOperator time)
      implements DefectivePlan {
    static WithOrder dropping(StreamPlan right, int lost) {
      IntUnaryOperator skip = step -> step < lost ? step : step + 1;
      return new WithOrder(right, right.tokens() - 1, skip, skip);
    }

    static WithOrder repeating(StreamPlan right, int twice) {
      IntUnaryOperator repeat = step -> step <= twice ? step : step - 1;
      return new WithOrder(right, right.tokens() + 1, repeat, repeat);
    }

    /** Swaps a step with the one before it, or after it if it is the first. */
    static WithOrder swapping(StreamPlan right, int step) {
      int late = Math.min(Math.max(1, step), right.tokens() - 1);
      int early = Math.max(0, late - 1);
      IntUnaryOperator swap = each -> each == late ? early : each == early ? late : each;
      return new WithOrder(right, right.tokens(), swap, IntUnaryOperator.identity());
    }

    @Override
    public String token(int step) {
      return right.token(word.applyAsInt(step));
    }

    @Override
    public long dueNs(int step, long previousNs) {
      return right.dueNs(time.applyAsInt(step), previousNs);
    }
  }

  /** A word that is in no seed's vocabulary. */
  record WrongText(StreamPlan right, int wrong) implements DefectivePlan {
    @Override
    public String token(int step) {
      return step == wrong ? " wrong" : right.token(step);
    }
  }

  /** Silence before a step; tokens that came due meanwhile follow at once. */
  record Stalled(StreamPlan right, int silent) implements DefectivePlan {
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);

    @Override
    public long dueNs(int step, long previousNs) {
      long due = right.dueNs(step, previousNs);
      return step < silent ? due : Math.max(due, right.dueNs(silent, previousNs) + SILENCE_NS);
    }
  }

  /** A clean end of the body where it should not be. */
  record Shortened(StreamPlan right, int tokens) implements DefectivePlan {
    @Override
    public Ending ending() {
      return Ending.ABRUPT;
    }
  }

  /** Relative instead of absolute due times. */
  record Drifting(StreamPlan right, int percent) implements DefectivePlan {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public long dueNs(int step, long previousNs) {
      if (step == 0) {
        return right.dueNs(0, previousNs);
      }
      long interval = right.dueNs(step, previousNs) - right.dueNs(step - 1, previousNs);
      long slowed = interval * (100 + percent) / 100;
      return previousNs + (slowed + MS - 1) / MS * MS;
    }
  }
}
