package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import bench.Lag;
import bench.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StepTest {
  private static final Duration LIMIT = Duration.ofMillis(20);
  private static final Lag GOOD = new Lag(1, 19.9, 300);

  @Test
  void a_step_holds_if_everything_came_and_nearly_all_in_time() {
    Step step = step(1000, 1000, 1000, GOOD, GOOD);
    assertThat(step.reasons(LIMIT)).isEmpty();
    assertThat(step.holds(LIMIT)).isTrue();
    assertThat(step.holds(Duration.ofMillis(19))).isFalse();
  }

  @Test
  void a_step_that_does_not_hold_says_why() {
    Lag onTime = new Lag(0.1, 9.9, 50);
    assertThat(step(1000, 1000, 998, onTime, GOOD).reasons(LIMIT))
        .containsExactly("2 tokens lost", "adapter troubles.nats_slow counted 2");
    assertThat(step(1000, 1000, 1000, onTime, new Lag(1, 20, 20)).reasons(LIMIT))
        .containsExactly("p99 20.0 ms is not below 20");
    assertThat(step(1000, 900, 900, onTime, GOOD).reasons(LIMIT))
        .containsExactly("100 tokens could not be sent in time", "the producer fell behind");
    assertThat(step(1000, 1000, 1000, new Lag(5, 15, 15), new Lag(9, 30, 30)).reasons(LIMIT))
        .containsExactly("p99 30.0 ms is not below 20", "the producer fell behind");
  }

  @Test
  void cpu_is_told_for_each_token_received() {
    Step step = step(1000, 1000, 500, GOOD, GOOD);
    assertThat(step.cpuUs("bridge")).isEqualTo(20);
    assertThat(step.cpuUs("adapter")).isNaN();
    assertThat(step(10, 10, 0, GOOD, GOOD).cpuUs("bridge")).isNaN();
  }

  @Test
  void only_what_grew_is_told_of_the_counters() {
    assertThat(Meter.grown(Map.of("a", 3L, "b", 1L), Map.of("a", 5L, "b", 1L, "c", 7L)))
        .isEqualTo(Map.of("a", 2L, "c", 7L));
    assertThat(Meter.grown(Map.of("a", 3L), Map.of())).isEmpty();
  }

  @Test
  void the_table_tells_every_step_and_each_lanes_knee() {
    LaneResult lane =
        new LaneResult(
            LaneKind.NATS,
            List.of("nats-server: v2"),
            List.of(step(1000, 1000, 1000, GOOD, GOOD), step(2000, 2000, 1998, GOOD, GOOD)),
            new RateSearch.Found(OptionalInt.of(1000), OptionalInt.of(2000)));
    RelayResult result = new RelayResult(RelaySettings.read(Map.of()), List.of(lane), "1", "2");
    List<String> text = result.text();
    assertThat(text).anyMatch(line -> line.matches("nats +1,000 +1,000 +1,000 +0 .* yes"));
    assertThat(text).anyMatch(line -> line.matches("nats +2,000 +2,000 +1,998 +2 .* no"));
    assertThat(text).anyMatch(line -> line.matches("nats +1,000 +1.00 +19.90 +2,000"));
    assertThat(text)
        .anyMatch(line -> line.startsWith("nats does not hold at 2,000: 2 tokens lost"));
    assertThat(result.isComplete()).isTrue();
  }

  private static Step step(int planned, int sent, int received, Lag published, Lag heard) {
    return new Step(
        LaneKind.NATS,
        planned,
        1,
        planned,
        new TokenProducer.Produced(sent, published),
        new Arrivals.Summary(received, 0, 0, heard),
        new Meter.Cost(
            Map.of("bridge", 0.01),
            1,
            sent > received ? Map.of("adapter troubles.nats_slow", 2L) : Map.of()));
  }
}
