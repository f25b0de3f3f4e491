package bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long MS = 1_000_000;

  private final Arrivals arrivals = new Arrivals(2);

  @Test
  void a_step_is_complete_when_each_viewer_has_each_message() {
    arrivals.begin(11, new long[] {0, 5 * MS});
    arrivals.take(0, 11, 1 * MS);
    arrivals.take(0, 12, 7 * MS);
    arrivals.take(1, 11, 3 * MS);
    assertThat(arrivals.isComplete()).isFalse();
    assertThat(arrivals.summary().lost()).isOne();

    arrivals.take(1, 12, 9 * MS);

    assertThat(arrivals.isComplete()).isTrue();
    assertThat(arrivals.summary().received()).isEqualTo(4);
    assertThat(arrivals.summary().lag().max()).isBetween(3.9, 4.1);
  }

  @Test
  void what_comes_again_or_too_late_is_a_repetition_and_the_skipped_one_is_lost() {
    arrivals.begin(1, new long[] {0, 0, 0});
    arrivals.take(0, 1, MS);
    arrivals.take(0, 1, MS);
    arrivals.take(0, 3, MS);
    arrivals.take(0, 2, MS);
    assertThat(arrivals.summary().received()).isEqualTo(2);
    assertThat(arrivals.summary().repeated()).isEqualTo(2);
    assertThat(arrivals.summary().lost()).isEqualTo(4);
  }

  @Test
  void what_belongs_to_another_step_does_not_count() {
    arrivals.begin(1, new long[] {0});
    arrivals.take(0, 0, MS);
    arrivals.begin(2, new long[] {0});
    arrivals.take(0, 1, MS);
    arrivals.take(0, 3, MS);
    assertThat(arrivals.summary().received()).isZero();
    assertThat(arrivals.summary().repeated()).isZero();
  }

  @Test
  void viewers_that_left_are_counted_over_all_steps() {
    arrivals.begin(1, new long[] {0});
    arrivals.left();
    arrivals.begin(2, new long[] {0});
    assertThat(arrivals.summary().gone()).isOne();
  }
}
