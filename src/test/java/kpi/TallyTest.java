package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void counts_what_starts_comes_and_ends() {
    tally.start(0);
    tally.start(0);
    tally.start(10);
    tally.event();
    tally.event();
    tally.end(Outcome.OK, 100);
    tally.end(Outcome.RESET, 50);
    tally.start(60);

    assertThat(tally.started()).isEqualTo(4);
    assertThat(tally.open()).isEqualTo(2);
    assertThat(tally.openMax()).isEqualTo(3);
    assertThat(tally.events()).isEqualTo(2);
    assertThat(tally.ended()).isEqualTo(2);
    assertThat(tally.ended(Outcome.OK)).isEqualTo(1);
    assertThat(tally.ended(Outcome.TIMEOUT)).isZero();
    assertThat(tally.failed()).isEqualTo(1);
    assertThat(tally.timeInSystemNs(110)).isEqualTo(100 + 50 + 100 + 50);
    assertThat(tally.started()).isEqualTo(tally.ended() + tally.open());
  }

  @Test
  void every_outcome_has_a_counter_even_at_zero() {
    assertThat(tally.counters())
        .containsOnlyKeys(
            "events_received",
            "outcome_closed_early",
            "outcome_invalid",
            "outcome_limited",
            "outcome_ok",
            "outcome_refused",
            "outcome_reset",
            "outcome_timeout",
            "streams_open_at_stop",
            "streams_open_max",
            "streams_started")
        .allSatisfy((name, count) -> assertThat(count).isZero());
  }

  @Test
  void counters_of_the_callers_own_name_add_up_and_are_absent_at_zero() {
    tally.add("tokens_lost", 2);
    tally.add("tokens_lost", 3);
    tally.add("tokens_wrong", 0);

    assertThat(tally.counters())
        .contains(entry("tokens_lost", 5L))
        .doesNotContainKey("tokens_wrong");
  }
}
