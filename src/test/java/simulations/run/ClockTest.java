package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Checks.Finding;
import simulations.run.Clock.Offset;
import simulations.run.Clock.Stamp;
import verdict.Check.Outcome;

class ClockTest {
  private static final long MS = 1_000_000;
  private static final long UNIX_NS = 1_700_000_000_000_000_000L;
  private static final Stamp OTHER = new Stamp(UNIX_NS - 100, 200, "other", -10, 5L);

  private final Clock here =
      new Clock(
          () -> 500,
          InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)),
          "host",
          Clock.Offset.NOT_MEASURED);

  @Test
  void on_one_host_only_the_monotonic_clock_counts() {
    Stamp plan = new Stamp(1, 200, "host", 99, -1L);
    assertThat(here.sinceNs(plan)).isEqualTo(300);
    assertThat(here.boundNs(plan)).isZero();
  }

  @Test
  void between_hosts_both_clocks_are_compared_with_that_of_redis() {
    // This clock is 40 ns before Redis's, the producer's 10 ns behind it.
    Clock clock = here.with(new Clock.Offset(40, 7));
    assertThat(clock.sinceNs(OTHER)).isEqualTo(100 - 40 - 10);
    assertAnswer((double) clock.boundNs(OTHER), Kpi.CLOCK_BOUND, 12);
  }

  @Test
  void without_both_offsets_the_bound_is_unknown() {
    Stamp silent = new Stamp(UNIX_NS - 100, 0, "", 0, -1L);
    assertThat(here.boundNs(OTHER)).isNegative();
    assertThat(here.with(new Clock.Offset(40, 7)).boundNs(silent)).isNegative();
    assertThat(here.sinceNs(silent)).isEqualTo(100);
  }

  @Test
  void a_quick_answer_bounds_the_offset_better() {
    assertThat(Clock.Offset.of(1_000, 900, 1_400)).isEqualTo(new Clock.Offset(300, 200));
    assertThat(Clock.Offset.of(2_000, 1_700, 2_020)).isEqualTo(new Clock.Offset(310, 10));
  }

  @Test
  void of_several_answers_the_quickest_one_counts() {
    PrimitiveIterator.OfLong halves = LongStream.iterate(30, half -> half - 1).iterator();
    assertThat(Offset.best(() -> new Offset(7, halves.nextLong())).boundNs()).isEqualTo(11);
  }

  /** Lags and their bounds in ms. */
  @ParameterizedTest
  @CsvSource({
    "-5, 12,  1, 0,  PASS, corrected by Redis's to within 12 ms.",
    "9,  0,   1, 0,  PASS, Producer and consumer read the monotonic clock of one host.",
    "-5, 4,   1, 0,  FAIL, A message came 5 ms before it was due",
    "9,  0,   1, -1, WARN, whose offset is unknown",
    "-5, -1,  1, 0,  FAIL, A message came 5 ms before it was due",
  })
  void clocks_agree_while_nothing_comes_before_it_was_due_by_more_than_the_bound(
      long lag, long bound, long second, long secondBound, Outcome outcome, String reason) {
    Clock.Agreement agreement = new Clock.Agreement();
    agreement.on(lag * MS, bound * MS);
    agreement.on(second * MS, secondBound * MS);
    assertThat(agreement.find().outcome()).isEqualTo(outcome);
    assertThat(agreement.find().reason()).contains(reason);
    assertThat(agreement.boundNs().isEmpty()).isEqualTo(bound < 0 || secondBound < 0);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.3, PASS, 'The clocks of publisher and injector agree to within 0.400 ms.'",
    "0.4,  PASS, 'The clocks of publisher and injector agree to within 0.400 ms.'",
    "-100, FAIL, 'The clock of publisher is 100 ms ahead of that of the injector'",
    "100,  FAIL, 'The clock of publisher is 100 ms behind that of the injector'",
  })
  void processes_of_one_host_have_one_clock(double offsetMs, Outcome outcome, String reason) {
    Finding found = new Offset(Math.round(offsetMs * MS), 2 * MS / 5).same("publisher");
    assertThat(found.outcome()).isEqualTo(outcome);
    assertThat(found.reason()).startsWith(reason);
  }
}
