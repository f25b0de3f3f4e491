package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import kpi.Timeline.Span;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that records a value or counts. */
class RecordersTest {
  private static final int THREADS = 4;
  private static final int VALUES = 100_000;
  private static final long MS = 1_000_000;

  private final DefaultEventExecutor loop = new DefaultEventExecutor();
  private final EmbeddedChannel stopped = new EmbeddedChannel();
  private final Distribution distribution = new Distribution();
  private final Tally tally = new Tally();

  /** Monotonic clocks may start anywhere, below zero too. */
  private final AtomicLong clockNs = new AtomicLong(-5_000_000_000L);

  private final Timeline timeline = new Timeline(clockNs::get, "start");

  @Test
  void values_below_zero_or_above_an_hour_are_counted_and_never_recorded_as_others() {
    distribution.record(Long.MIN_VALUE);
    distribution.record(-1);
    distribution.record(Distribution.MAX_NS + 1);
    distribution.record(Long.MAX_VALUE);
    assertThat(distribution.rotate().getTotalCount()).isZero();
    assertThat(distribution.outside()).isEqualTo(4);
  }

  @Test
  void between_two_clocks_a_value_is_below_zero_only_beyond_their_bound() {
    distribution.record(-5 * MS, 5 * MS);
    distribution.record(-5 * MS - 1, 5 * MS);
    distribution.record(-1, -1);
    distribution.record(3, -1);
    Histogram values = distribution.rotate();
    assertThat(values.getCountAtValue(0)).isOne();
    assertThat(values.getCountAtValue(3)).isOne();
    assertThat(values.getTotalCount()).isEqualTo(2);
    assertThat(distribution.outside()).isEqualTo(2);
  }

  @Test
  void a_rotation_ends_the_interval_and_adds_it_to_the_total() {
    distribution.record(10);
    assertThat(distribution.total().getTotalCount()).isZero();
    assertThat(distribution.rotate().getTotalCount()).isEqualTo(1);
    distribution.record(20);
    distribution.record(30);
    assertThat(distribution.rotate().getTotalCount()).isEqualTo(2);
    assertThat(distribution.total().getTotalCount()).isEqualTo(3);
    assertThat(distribution.total().getMinValue()).isEqualTo(10);
    assertThat(distribution.rotate().getTotalCount()).isZero();
  }

  @Test
  void nothing_is_lost_while_many_threads_record_and_one_rotates() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<?>> recording = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      recording.add(threads.submit(() -> recordTogether(start)));
    }
    threads.shutdown();
    long rotated = 0;
    while (!recording.stream().allMatch(Future::isDone)) {
      rotated += distribution.rotate().getTotalCount();
    }
    for (Future<?> each : recording) {
      each.get();
    }
    rotated += distribution.rotate().getTotalCount();
    assertThat(rotated).isEqualTo((long) THREADS * VALUES);
    assertThat(distribution.total().getTotalCount()).isEqualTo(rotated);
  }

  private Void recordTogether(CyclicBarrier start) throws Exception {
    start.await();
    for (int value = 0; value < VALUES; value++) {
      distribution.record(value);
    }
    return null;
  }

  @Test
  void a_tally_counts_what_starts_comes_and_ends() {
    tally.start(0);
    tally.start(0);
    tally.start(10);
    tally.event();
    tally.event();
    tally.end(Outcome.OK, 100);
    tally.end(Outcome.RESET, 50);
    tally.start(60);
    tally.add("tokens_lost", 2);
    tally.add("tokens_lost", 3);
    tally.add("tokens_wrong", 0);
    assertThat(tally.started()).isEqualTo(4);
    assertThat(tally.open()).isEqualTo(2);
    assertThat(tally.events()).isEqualTo(2);
    assertThat(tally.ended()).isEqualTo(2);
    assertThat(tally.ended(Outcome.OK)).isEqualTo(1);
    assertThat(tally.ended(Outcome.TIMEOUT)).isZero();
    assertThat(tally.failed()).isEqualTo(1);
    assertThat(tally.timeInSystemNs(110)).isEqualTo(100 + 50 + 100 + 50);
    assertThat(tally.counters())
        .contains(entry("streams_open_max", 3L), entry("streams_open_at_stop", 2L))
        .contains(entry("tokens_lost", 5L))
        .doesNotContainKey("tokens_wrong");
  }

  @Test
  void every_outcome_has_a_counter_even_at_zero() {
    assertThat(tally.counters())
        .containsOnlyKeys(
            ("events_received outcome_cancelled outcome_closed_early outcome_invalid"
                    + " outcome_limited outcome_ok"
                    + " outcome_refused outcome_reset outcome_timeout streams_open_at_stop"
                    + " streams_open_max streams_started")
                .split(" "))
        .allSatisfy((name, count) -> assertThat(count).isZero());
  }

  @Test
  void phases_follow_each_other_without_a_gap_and_to_begin_the_current_one_changes_nothing() {
    clockNs.addAndGet(1_500_000_000);
    timeline.begin("ramp");
    clockNs.addAndGet(250_000_000);
    timeline.begin("ramp");
    clockNs.addAndGet(250_000_000);
    timeline.begin("hold");
    clockNs.addAndGet(250_000_000);
    assertThat(timeline.current()).isEqualTo("hold");
    assertThat(timeline.nowS()).isEqualTo(2.25);
    assertThat(timeline.secondsAt(clockNs.get() + 2_000_000_000L)).isEqualTo(4.25);
    assertThat(timeline.spans())
        .containsExactly(
            new Span("start", 0, 1.5), new Span("ramp", 1.5, 2), new Span("hold", 2, 2.25));
  }

  @AfterEach
  void stop_the_loop() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void every_tick_missed_weighs_with_its_own_lateness() throws Exception {
    CountDownLatch ticks = new CountDownLatch(23);
    // By this clock the first two ticks are punctual, then 210 ms pass at once.
    AtomicInteger reading = new AtomicInteger();
    LongSupplier clock =
        () -> {
          int number = reading.getAndIncrement();
          return number < 3 ? 10L * number * MS : 230 * MS;
        };
    try (GeneratorProbe probe = probe(clock, ticks)) {
      assertThat(probe).isNotNull();
      assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
    }

    Histogram values = valuesOnceStopped();
    assertThat(values.getCountBetweenValues(MS, Distribution.MAX_NS)).isEqualTo(20);
    for (long ms = 10; ms <= 200; ms += 10) {
      assertThat(values.getCountAtValue(ms * MS)).isEqualTo(1);
    }
  }

  @Test
  void a_loop_whose_turns_are_longer_than_the_period_falls_no_further_behind() throws Exception {
    CountDownLatch ticks = new CountDownLatch(50);
    AtomicLong nowNs = new AtomicLong();
    try (GeneratorProbe probe = probe(() -> nowNs.addAndGet(15 * MS), ticks)) {
      assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(probe.longest().ns()).isBetween(5 * MS, 15 * MS);
    }
  }

  /** A percentile of a long run forgives what the longest stall does not. */
  @ParameterizedTest
  @CsvSource({"10, 300", "35, 450", "60, 1000", "600, 3000", "3600, 300"})
  void the_longest_stall_is_found_with_its_moment_in_a_run_of_any_length(int lengthS, int stallMs) {
    long middleNs;
    try (GeneratorProbe probe = onStopped()) {
      pass(50, 1);
      probe.reset();
      pass(GeneratorProbe.PERIOD_MS, 50 * lengthS);
      middleNs = clockNs.get();
      pass(stallMs, 1);
      pass(GeneratorProbe.PERIOD_MS, 20 * lengthS);
      pass(60, 1);
      pass(GeneratorProbe.PERIOD_MS, 30 * lengthS);
      assertThat(probe.longest().fromNs() - middleNs).isBetween(0L, 10L * MS);
      assertThat(probe.longest().ns()).isBetween((stallMs - 10L) * MS, (long) stallMs * MS);
    }
    if (lengthS >= 600) {
      assertThat(distribution.rotate().getValueAtPercentile(99)).isLessThan(100 * MS);
    }
  }

  @Test
  void a_loop_that_stands_still_at_the_end_is_found_and_a_few_late_ticks_are_no_stall() {
    GeneratorProbe probe = onStopped();
    pass(13, 100);
    pass(50, 3);
    assertThat(probe.longest().ns()).isLessThan(60 * MS);
    clockNs.addAndGet(300 * MS);
    probe.close();
    assertThat(probe.longest().ns()).isBetween(290 * MS, 310 * MS);
    clockNs.addAndGet(900 * MS);
    probe.close();
    assertThat(probe.longest().ns()).isLessThan(310 * MS);
  }

  private GeneratorProbe onStopped() {
    stopped.freezeTime();
    return new GeneratorProbe(List.of(stopped.eventLoop()), clockNs::get, () -> distribution);
  }

  /** Lets time pass on the loop that follows the test's clock. */
  private void pass(int ms, int times) {
    for (int time = 0; time < times; time++) {
      clockNs.addAndGet(ms * MS);
      stopped.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
      stopped.runScheduledPendingTasks();
    }
  }

  @Test
  void nothing_ticks_after_close() throws Exception {
    CountDownLatch ticks = new CountDownLatch(1);
    GeneratorProbe probe = probe(System::nanoTime, ticks);
    assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
    probe.close();
    valuesOnceStopped();
    loop.schedule(() -> {}, 5L * GeneratorProbe.PERIOD_MS, TimeUnit.MILLISECONDS).sync();
    assertThat(distribution.rotate().getTotalCount()).isZero();
  }

  private GeneratorProbe probe(LongSupplier clock, CountDownLatch ticks) {
    return new GeneratorProbe(
        List.of(loop),
        clock,
        () -> {
          ticks.countDown();
          return distribution;
        });
  }

  /** A tick that was under way when the probe was closed has ended after an empty task. */
  private Histogram valuesOnceStopped() throws InterruptedException {
    loop.submit(() -> {}).sync();
    return distribution.rotate();
  }
}
