package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ArrivalsTest {
  private static final long MS = 1_000_000;
  private static final long START = 5_000 * MS;

  private final Arrivals arrivals = new Arrivals(StepLoad.of("a", 2, 100, Duration.ofMillis(40)));

  @Test
  void lag_counts_from_when_each_token_was_due() {
    arrivals.begin(START);
    arrivals.take(0, 1, START + 3 * MS); // Due at 0.
    arrivals.take(1, 2, START + 33 * MS); // Due at 30 ms.
    Arrivals.Summary summary = arrivals.summary();
    assertThat(summary.received()).isEqualTo(2);
    assertThat(summary.lag().max()).isBetween(2.99, 3.01);
    assertThat(summary.lag().p50()).isBetween(2.99, 3.01);
  }

  @Test
  void a_token_counts_once_and_a_strange_one_not_at_all() {
    arrivals.begin(START);
    arrivals.take(0, 1, START);
    arrivals.take(0, 1, START);
    arrivals.take(0, 3, START);
    arrivals.take(-1, 1, START);
    Arrivals.Summary summary = arrivals.summary();
    assertThat(summary.received()).isEqualTo(1);
    assertThat(summary.repeated()).isEqualTo(1);
    assertThat(summary.unknown()).isEqualTo(2);
  }

  @Test
  void waiting_ends_when_all_came_or_nothing_comes_any_more() throws InterruptedException {
    arrivals.await(1, Duration.ofMillis(100), Duration.ofSeconds(10));
    assertThat(arrivals.summary().received()).isZero();
    arrivals.take(0, 1, START);
    arrivals.await(1, Duration.ofHours(1), Duration.ofHours(1));
    assertThat(arrivals.summary().received()).isEqualTo(1);
    arrivals.await(2, Duration.ofHours(1), Duration.ofMillis(100));
  }
}
