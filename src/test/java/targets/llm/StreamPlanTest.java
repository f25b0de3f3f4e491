package targets.llm;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import targets.llm.ChatRequest.Delivery;
import targets.llm.StreamPlan.Ending;

class StreamPlanTest {
  private static final long MS = 1_000_000;
  private static final long NEVER_SENT = 0;

  @Test
  void token_k_is_due_at_first_token_plus_k_intervals_and_the_end_at_the_duration() {
    StreamPlan plan = plan(pace(163, 10_000, 250, 0));
    assertThat(plan.dueNs(0, NEVER_SENT)).isEqualTo(250 * MS);
    assertThat(plan.dueNs(1, NEVER_SENT)).isEqualTo(250 * MS + 10_000 * MS / 163);
    assertThat(plan.dueNs(162, NEVER_SENT)).isEqualTo(250 * MS + 162 * 10_000 * MS / 163);
    assertThat(plan.dueNs(163, NEVER_SENT)).isEqualTo(10_250 * MS);
  }

  @Test
  void due_times_do_not_depend_on_how_late_the_token_before_was() {
    StreamPlan plan = plan(pace(163, 10_000, 0, 20));
    assertThat(plan.dueNs(80, 9_999 * MS)).isEqualTo(plan.dueNs(80, NEVER_SENT));
  }

  @Test
  void the_greatest_pace_does_not_overflow() {
    long hour = 3_600_000 * MS;
    StreamPlan plan = plan(pace(100_000, 3_600_000, 0, 0));
    assertThat(plan.dueNs(100_000, NEVER_SENT)).isEqualTo(hour);
  }

  @Test
  void jitter_is_within_its_bound_differs_by_stream_and_is_the_same_again() {
    Pace pace = pace(100, 10_000, 0, 40);
    ChatRequest request = request(pace, Integer.MAX_VALUE);
    List<Long> first = late(PacedPlan.of(request, 0));
    assertThat(first).allMatch(late -> late >= 0 && late <= 40 * MS).doesNotHaveDuplicates();
    assertThat(first.stream().mapToLong(late -> late).average().orElseThrow())
        .isBetween(14.0 * MS, 26.0 * MS);
    assertThat(late(PacedPlan.of(request, 0))).isEqualTo(first);
    assertThat(late(PacedPlan.of(request, 1))).isNotEqualTo(first);
  }

  @Test
  void the_end_is_the_earlier_of_the_clients_bound_and_the_break() {
    Pace pace = new Pace(10, ZERO, ZERO, ZERO, Optional.of(4));
    assertThat(PacedPlan.of(request(pace, 7), 0))
        .matches(plan -> plan.tokens() == 4 && plan.ending() == Ending.BROKEN);
    assertThat(PacedPlan.of(request(pace, 3), 0))
        .matches(plan -> plan.tokens() == 3 && plan.ending() == Ending.LENGTH);
    assertThat(PacedPlan.of(request(pace(10, 0, 0, 0), 10), 0))
        .matches(plan -> plan.tokens() == 10 && plan.ending() == Ending.STOP);
  }

  private static List<Long> late(StreamPlan plan) {
    return IntStream.range(0, 100).mapToObj(k -> plan.dueNs(k, 0) - k * 100L * MS).toList();
  }

  static Pace pace(int tokens, long durationMs, long firstTokenMs, long jitterMs) {
    return new Pace(
        tokens,
        Duration.ofMillis(durationMs),
        Duration.ofMillis(firstTokenMs),
        Duration.ofMillis(jitterMs),
        Optional.empty());
  }

  private static StreamPlan plan(Pace pace) {
    return PacedPlan.of(request(pace, Integer.MAX_VALUE), 0);
  }

  private static ChatRequest request(Pace pace, int tokenBound) {
    return new ChatRequest(Dialect.CHAT, "m", Delivery.STREAM, 42, pace, tokenBound, 0);
  }
}
