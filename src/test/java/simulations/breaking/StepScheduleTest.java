package simulations.breaking;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static simulations.run.Answers.assertAnswer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.breaking.StepSchedule.Next;
import simulations.breaking.StepSchedule.Step;
import simulations.breaking.StepUse.Exhausted;
import simulations.breaking.StepUse.Owner;

/** Steps of load against a clock that stands still unless it is moved, and what they used. */
class StepScheduleTest {
  private static final long MS = 1_000_000;
  private static final StepSchedule.Plan PLAN =
      new StepSchedule.Plan(100, 2, Duration.ofSeconds(1), 3, Duration.ofMillis(100), 1);

  private final AtomicLong clock = new AtomicLong();
  private final List<Step> judged = new ArrayList<>();
  private final List<Long> edgesMs = new ArrayList<>();
  private final StepSchedule schedule =
      new StepSchedule(PLAN, clock::get, () -> edgesMs.add(clock.get() / MS), judged::add);

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

  /** All users are busy for a moment before the end of the step; 97 bids of 100 were taken. */
  @ParameterizedTest(name = "a user is free {0} ms after the end: {1} more bids")
  @CsvSource({"0, 3, true", "69, 3, true", "70, 0, false"})
  void what_was_due_before_the_end_is_sent_while_it_can_be_within_the_bound(
      long afterMs, int more, boolean good) {
    sends(97, 2, 0);
    clock.set((1_000 + afterMs) * MS);
    for (int bid = 97; bid < 97 + more; bid++) {
      Next.Bid late = (Next.Bid) schedule.next();
      assertThat(late.dueNs()).isEqualTo(bid * 10L * MS);
      schedule.ended(late, clock.get(), clock.get(), clock.get() + MS);
    }
    assertThat(schedule.next()).isEqualTo(new Next.Wait(1_500 * MS));
    clock.set(1_500 * MS);
    assertThat(schedule.next() instanceof Next.Bid).isEqualTo(good);
    assertThat(judged.get(0).decidedPerS()).isEqualTo(97);
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
    assertThat(edgesMs)
        .as("begins and ends")
        .containsExactly(0L, 1000L, 1500L, 2500L, 3000L, 4000L);
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

  @ParameterizedTest(name = "{0} ms late, {1}, {2} of 2 cores: {3}, {4}")
  @CsvSource({
    "30, injector=0.1 bids=0.3, 0.5, GENERATOR, 30 ms late",
    "30, injector=0.3 bids=0.5, 1.95, GENERATOR, 30 ms late", // Others took more than bids.
    "51, injector=0.3 bids=1.6, 2, GENERATOR, 51 ms late", // Twice that is what bids missed.
    "100, injector=0.3 bids=1.6, 2, GENERATOR, 100 ms late", // No target could keep the bound.
    "30, injector=0.3 bids=1.6, 2, TARGET, most of it by bids",
    "1, injector=1.9 bids=0.1, 1.95, GENERATOR, the generator",
    "1, injector=1.0 bids=0.8, 1.95, GENERATOR, 1.00 cores of it the generator",
    "1, injector=0.3 bids=0.5, 1.95, OTHERS, 1.15 cores of it theirs",
    "1, injector=0.6 bids=1.0 redis=0.1, 1.95, TARGET, 'of 2 in use, most of it by bids (1.00"
        + " cores)'",
    "1, injector=0.1 bids=0.3 redis=0.97, 1.4, TARGET, the one thread of redis",
    "1, injector=0.1 bids=0.2, -1, TARGET, no CPU (bids used 0.20 cores)",
  })
  void the_resource_that_ran_out_is_named(
      double wakeLagMs, String cores, double machineCores, Owner owner, String words) {
    var used =
        Stream.of(cores.split(" ", -1))
            .map(each -> each.split("=", -1))
            .collect(toMap(each -> each[0], each -> Double.valueOf(each[1])));
    Step step = new Step(4, 800, 700, 200, 0, wakeLagMs, 0, 1, false);
    Exhausted found = new StepUse(step, used, machineCores, 2).exhausted(100, 2);
    assertThat(found.owner()).isEqualTo(owner);
    assertThat(found.words()).contains(words);
  }

  @Test
  void the_knee_is_the_rate_of_the_last_step_that_kept_every_bound() {
    List<StepUse> uses =
        Stream.of(step(1, 100, true), step(2, 190, true), step(3, 250, false))
            .map(step -> new StepUse(step, Map.of(), 1, 2))
            .toList();
    assertAnswer(BreakingLoad.lastGood(uses).orElseThrow().decidedPerS(), Kpi.KNEE, 190);
    assertThat(BreakingLoad.lastGood(uses.subList(2, 3))).isEmpty();
  }

  private static Step step(int number, double decidedPerS, boolean good) {
    return new Step(number, 800, decidedPerS, 20, 0, 1, 0, 1, good);
  }
}
