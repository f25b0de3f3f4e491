package simulations.breaking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
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
  void bids_are_due_evenly() {
    assertThat(schedule.next()).isEqualTo(new Next.Bid(0, 0));
    assertThat(schedule.next()).isEqualTo(new Next.Bid(0, 10 * MS));
    assertThat(schedule.next()).isEqualTo(new Next.Bid(0, 20 * MS));
  }

  @Test
  void after_a_good_step_comes_a_breath_and_then_a_steeper_one() {
    play(2 * MS);
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
  }

  @Test
  void a_step_whose_bids_take_too_long_is_the_last() {
    play(150 * MS);
    finish();
    assertThat(schedule.next()).isInstanceOf(Next.Over.class);
    assertThat(schedule.steps()).hasSize(1);
    assertThat(schedule.steps().get(0).isGood()).isFalse();
  }

  @Test
  void bids_without_a_free_user_count_as_long_as_the_breath() {
    for (int i = 0; i < 90; i++) {
      Next.Bid bid = (Next.Bid) schedule.next();
      schedule.ended(bid, bid.dueNs(), bid.dueNs(), bid.dueNs() + MS);
    }
    finish();
    Step step = schedule.steps().get(0);
    assertThat(step.isGood()).isFalse();
    assertThat(step.p99Ms()).isGreaterThanOrEqualTo(500);
    assertThat(step.decidedPerS()).isEqualTo(90);
  }

  @Test
  void too_many_errors_break_a_step_too() {
    for (int i = 0; i < 100; i++) {
      Next.Bid bid = (Next.Bid) schedule.next();
      schedule.ended(bid, bid.dueNs(), bid.dueNs(), i < 2 ? -1 : bid.dueNs() + MS);
    }
    finish();
    assertThat(schedule.steps().get(0).errorPct()).isEqualTo(2);
    assertThat(schedule.steps().get(0).isGood()).isFalse();
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
    assertThat(schedule.steps().get(0).wakeLagMs()).isBetween(2.9, 3.1);
  }

  @Test
  void the_schedule_ends_after_the_last_step() {
    for (int step = 0; step < PLAN.steps(); step++) {
      long fromNs = clock.get();
      for (Next next = schedule.next(); next instanceof Next.Bid bid; next = schedule.next()) {
        schedule.ended(bid, bid.dueNs(), bid.dueNs(), bid.dueNs() + MS);
      }
      clock.set(fromNs + 1_000 * MS);
      schedule.next();
      clock.set(fromNs + 1_500 * MS);
    }
    assertThat(schedule.next()).isInstanceOf(Next.Over.class);
    assertThat(schedule.steps()).hasSize(3).allMatch(Step::isGood);
    assertThat(schedule.steps().get(2).offeredPerS()).isEqualTo(400);
  }

  private void play(long tookNs) {
    for (int i = 0; i < 100; i++) {
      Next.Bid bid = (Next.Bid) schedule.next();
      schedule.ended(bid, bid.dueNs(), bid.dueNs(), bid.dueNs() + tookNs);
    }
  }

  private void finish() {
    clock.set(1_000 * MS);
    schedule.next();
    clock.set(1_500 * MS);
    schedule.next();
  }
}
