package simulations.breaking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static simulations.run.Answers.assertAnswer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.breaking.StepSchedule.Next;
import simulations.breaking.StepSchedule.Step;

/** Steps of load against a clock that stands still unless it is moved. */
class StepScheduleTest {
  private static final long MS = 1_000_000;
  private static final StepSchedule.Plan PLAN =
      new StepSchedule.Plan(100, 2, Duration.ofSeconds(1), 3, Duration.ofMillis(100), 1);

  private final AtomicLong clock = new AtomicLong();
  private final List<Step> judged = new ArrayList<>();
  private final StepSchedule schedule = new StepSchedule(PLAN, clock::get, judged::add);

  @Test
  void after_a_good_step_comes_a_breath_and_then_a_steeper_one() {
    sends(100, 2, 0);
    assertThat(schedule.next()).isEqualTo(new Next.Wait(1_000 * MS));
    clock.set(1_000 * MS);
    assertThat(schedule.next()).isEqualTo(new Next.Wait(1_500 * MS));
    clock.set(1_500 * MS);
    assertThat(schedule.next()).isEqualTo(new Next.Bid(1, 1_500 * MS));
    assertThat(schedule.next()).isEqualTo(new Next.Bid(1, 1_505 * MS));
    Step step = schedule.steps().get(0);
    assertThat(step.isGood()).isTrue();
    assertThat(step.decidedPerS()).isEqualTo(100);
    assertThat(step.p99Ms()).isBetween(1.9, 2.1);
    assertThat(judged).containsExactly(step);
    assertAnswer(step.values().get(Kpi.OFFERED_PER_S), Kpi.OFFERED_PER_S, 100);
    assertAnswer(step.values().get(Kpi.DECIDED_PER_S), Kpi.DECIDED_PER_S, 100);
    assertAnswer(step.values().get(Kpi.STEP_P99), Kpi.STEP_P99, 2);
    assertAnswer(step.values().get(Kpi.ERROR_RATE), Kpi.ERROR_RATE, 0);
    assertAnswer(step.values().get(Kpi.WAKE_LAG), Kpi.WAKE_LAG, 0);
  }

  @ParameterizedTest(name = "{0} bids in {1} ms, {2} errors: good {3}")
  @CsvSource({
    "100, 99,  1, true,  99, 99",
    "100, 150, 0, false, 100, 150",
    "90,  1,   0, false, 90, 500",
    "100, 1,   2, false, 98, 1",
  })
  void a_step_that_breaks_a_bound_is_the_last(
      int sent, long tookMs, int errors, boolean good, double decidedPerS, double p99Ms) {
    sends(sent, tookMs, errors);
    finish();
    assertThat(schedule.next() instanceof Next.Over).isEqualTo(!good);
    assertThat(judged).hasSize(1);
    assertThat(judged.get(0).isGood()).isEqualTo(good);
    assertThat(judged.get(0).errorPct()).isEqualTo(errors);
    assertThat(judged.get(0).decidedPerS()).isEqualTo(decidedPerS);
    assertThat(judged.get(0).p99Ms())
        .as("without a free user as long as the breath")
        .isCloseTo(p99Ms, withinPercentage(1));
  }

  @Test
  void lateness_is_the_generators_only_where_a_user_was_free() {
    for (int i = 0; i < 100; i++) {
      Next.Bid bid = (Next.Bid) schedule.next();
      boolean free = i % 2 == 0;
      long sentNs = bid.dueNs() + (free ? 3 * MS : 90 * MS);
      schedule.ended(bid, free ? bid.dueNs() : sentNs, sentNs, sentNs + MS);
    }
    finish();
    assertThat(schedule.next()).isInstanceOf(Next.Bid.class);
    assertThat(schedule.steps().get(0).wakeLagMs()).isBetween(2.9, 3.1);
  }

  @Test
  void the_schedule_ends_after_the_last_step() {
    for (int step = 0; step < PLAN.steps(); step++) {
      sends(100 << step, 1, 0);
      finish();
    }
    assertThat(schedule.next()).isInstanceOf(Next.Over.class);
    assertThat(schedule.steps()).hasSize(3).allMatch(Step::isGood);
    assertThat(schedule.steps().get(2).offeredPerS()).isEqualTo(400);
  }

  private void sends(int bids, long tookMs, int errors) {
    for (int i = 0; i < bids; i++) {
      Next.Bid bid = (Next.Bid) schedule.next();
      long decidedNs = i < errors ? -1 : bid.dueNs() + tookMs * MS;
      schedule.ended(bid, bid.dueNs(), bid.dueNs(), decidedNs);
    }
  }

  /** Ends the step and the breath after it. */
  private void finish() {
    clock.addAndGet(1_000 * MS);
    assertThat(schedule.next()).isInstanceOf(Next.Wait.class);
    clock.addAndGet(500 * MS);
  }
}
