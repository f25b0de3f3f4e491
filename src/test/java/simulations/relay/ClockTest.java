package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClockTest {
  private static final long UNIX_NS = 1_700_000_000_000_000_000L;
  private static final InstantSource WALL =
      InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

  private final Clock here = new Clock(() -> 500, WALL, Optional.of("host"), Optional.empty());

  @Test
  void on_one_host_only_the_monotonic_clock_counts() {
    TokenEvent.Plan plan = new TokenEvent.Plan(1, 200, "host", 99, -1L);
    assertThat(here.sinceNs(plan)).isEqualTo(300);
    assertThat(here.boundNs(plan)).hasValue(0);
  }

  @Test
  void between_hosts_both_clocks_are_compared_with_that_of_redis() {
    // This clock is 40 ns before Redis's, the producer's 10 ns behind it.
    Clock clock = here.with(new Clock.Offset(40, 7));
    TokenEvent.Plan plan = new TokenEvent.Plan(UNIX_NS - 100, 200, "other", -10, 5L);
    assertThat(clock.sinceNs(plan)).isEqualTo(100 - 40 - 10);
    assertThat(clock.boundNs(plan)).hasValue(12);
  }

  @Test
  void without_both_offsets_the_bound_is_unknown() {
    TokenEvent.Plan known = new TokenEvent.Plan(UNIX_NS - 100, 200, "other", -10, 5L);
    TokenEvent.Plan silent = new TokenEvent.Plan(UNIX_NS - 100, 0, "", 0, -1L);
    assertThat(here.boundNs(known)).isEmpty();
    assertThat(here.with(new Clock.Offset(40, 7)).boundNs(silent)).isEmpty();
    assertThat(here.sinceNs(silent)).isEqualTo(100);
  }

  @Test
  void a_quick_answer_bounds_the_offset_better() {
    Clock.Offset slow = Clock.Offset.of(1_000, 900, 1_400);
    Clock.Offset quick = Clock.Offset.of(2_000, 1_700, 2_020);
    assertThat(slow).isEqualTo(new Clock.Offset(300, 200));
    assertThat(quick).isEqualTo(new Clock.Offset(310, 10));
  }

  @Test
  void clocks_agree_while_no_token_comes_before_it_was_sent_by_more_than_the_bound() {
    Clock.Agreement agreement = new Clock.Agreement();
    assertThat(agreement.isPossible()).isTrue();
    agreement.on(-5, OptionalLong.of(12));
    assertThat(agreement.isPossible()).isTrue();
    assertThat(agreement.boundNs()).hasValue(12);
    agreement.on(-13, OptionalLong.of(3));
    assertThat(agreement.isPossible()).isFalse();
    assertThat(agreement.lagMinNs()).isEqualTo(-13);
    agreement.on(1, OptionalLong.empty());
    assertThat(agreement.boundNs()).isEmpty();
  }
}
