package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import settings.SeededText;
import targets.llm.ChatRequest.Delivery;
import targets.llm.StreamPlan.Ending;

class StreamPlanTest {
  private static final long MS = 1_000_000;
  private static final long NEVER_SENT = 0;

  @Test
  void token_k_is_due_at_first_token_plus_k_intervals_and_the_end_at_the_duration() {
    StreamPlan plan = plan(new Pace(163, 10_000 * MS, 250 * MS, 0, Pace.NEVER));
    assertThat(plan.dueNs(0, NEVER_SENT)).isEqualTo(250 * MS);
    assertThat(plan.dueNs(1, NEVER_SENT)).isEqualTo(250 * MS + 10_000 * MS / 163);
    assertThat(plan.dueNs(162, NEVER_SENT)).isEqualTo(250 * MS + 162 * 10_000 * MS / 163);
    assertThat(plan.dueNs(163, NEVER_SENT)).isEqualTo(10_250 * MS);
  }

  @Test
  void due_times_do_not_depend_on_how_late_the_token_before_was() {
    StreamPlan plan = plan(new Pace(163, 10_000 * MS, 0, 20 * MS, Pace.NEVER));
    assertThat(plan.dueNs(80, 9_999 * MS)).isEqualTo(plan.dueNs(80, NEVER_SENT));
  }

  @Test
  void the_greatest_pace_does_not_overflow() {
    long hour = Pace.DURATION_MS_MAX * MS;
    StreamPlan plan = plan(new Pace(Pace.TOKENS_MAX, hour, 0, 0, Pace.NEVER));
    assertThat(plan.dueNs(Pace.TOKENS_MAX, NEVER_SENT)).isEqualTo(hour);
  }

  @Test
  void jitter_is_within_its_bound_differs_by_stream_and_is_the_same_again() {
    Pace pace = new Pace(100, 10_000 * MS, 0, 40 * MS, Pace.NEVER);
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
    Pace pace = new Pace(10, 0, 0, 0, 4);
    assertThat(PacedPlan.of(request(pace, 7), 0))
        .matches(plan -> plan.tokens() == 4 && plan.ending() == Ending.BROKEN);
    assertThat(PacedPlan.of(request(pace, 3), 0))
        .matches(plan -> plan.tokens() == 3 && plan.ending() == Ending.LENGTH);
    assertThat(PacedPlan.of(request(new Pace(10, 0, 0, 0, Pace.NEVER), 10), 0))
        .matches(plan -> plan.tokens() == 10 && plan.ending() == Ending.STOP);
  }

  @Test
  void without_a_defect_the_plan_is_the_right_one_itself() {
    StreamPlan right = plan(new Pace(20, 2_000 * MS, 0, 0, Pace.NEVER));
    assertThat(defects("").plan(right, 0)).isSameAs(right);
  }

  @Test
  void drop_token_leaves_one_out() {
    List<String> words = words(defective("drop-token=1"));
    List<String> right = rightWords();
    assertThat(words).hasSize(19).isSubsetOf(right);
    assertThat(words.get(0)).isEqualTo(right.get(0));
  }

  @Test
  void duplicate_token_says_one_twice_at_once() {
    StreamPlan plan = defective("duplicate-token=1");
    List<String> words = words(plan);
    int twice =
        IntStream.range(0, 20)
            .filter(k -> words.get(k).equals(words.get(k + 1)))
            .findFirst()
            .orElseThrow();
    assertThat(plan.dueNs(twice + 1, 0)).isEqualTo(plan.dueNs(twice, 0));
    words.remove(twice);
    assertThat(words).isEqualTo(rightWords());
  }

  @Test
  void swap_tokens_says_the_same_words_with_one_pair_in_the_wrong_order() {
    List<String> words = words(defective("swap-tokens=1"));
    List<String> right = rightWords();
    assertThat(words).containsExactlyInAnyOrderElementsOf(right);
    assertThat(IntStream.range(0, 20).filter(k -> !words.get(k).equals(right.get(k)))).hasSize(2);
  }

  @Test
  void wrong_text_says_one_word_that_no_seed_has() {
    List<String> words = words(defective("wrong-text=1"));
    assertThat(words).containsOnlyOnce(" wrong").hasSize(20);
  }

  @Test
  void stall_is_two_seconds_of_silence_and_then_all_that_is_due() {
    StreamPlan plan = defective("stall=1");
    List<Long> gaps =
        IntStream.range(1, 21).mapToObj(k -> plan.dueNs(k, 0) - plan.dueNs(k - 1, 0)).toList();
    assertThat(gaps).filteredOn(gap -> gap > 2_000 * MS).hasSize(1);
    assertThat(gaps).filteredOn(gap -> gap == 0).isNotEmpty();
  }

  @Test
  void early_close_says_half_and_ends_cleanly() {
    StreamPlan plan = defective("early-close=1");
    assertThat(plan.tokens()).isEqualTo(10);
    assertThat(plan.ending()).isEqualTo(Ending.CUT);
  }

  @Test
  void drifting_pace_counts_from_the_token_before_in_whole_milliseconds() {
    Pace pace = new Pace(163, 10_000 * MS, 0, 0, Pace.NEVER);
    StreamPlan plan = defects("drifting-pace").plan(plan(pace), 5);
    assertThat(plan.dueNs(0, 0)).isZero();
    // 61.35 ms and 3 percent are 63.19 ms.
    assertThat(plan.dueNs(1, 7 * MS)).isEqualTo((7 + 64) * MS);
    StreamPlan rounding = defects("drifting-pace=0").plan(plan(pace), 5);
    assertThat(rounding.dueNs(1, 7 * MS)).isEqualTo((7 + 62) * MS);
  }

  @Test
  void by_default_one_stream_in_ten_is_hit() {
    StreamPlan right = plan(new Pace(20, 2_000 * MS, 0, 0, Pace.NEVER));
    LlmDefects defects = defects("drop-token");
    assertThat(IntStream.range(0, 1_000).filter(k -> defects.plan(right, k) != right)).hasSize(100);
  }

  @Test
  void a_stream_of_one_token_survives_every_defect() {
    StreamPlan right = plan(new Pace(1, 0, 0, 0, Pace.NEVER));
    for (String name : LlmDefects.NAMES) {
      StreamPlan plan = defects(name + "=1").plan(right, 0);
      assertThat(words(plan)).hasSizeBetween(0, 2);
      assertThat(plan.dueNs(plan.tokens(), 0)).isNotNegative();
    }
  }

  private static List<Long> late(StreamPlan plan) {
    return IntStream.range(0, 100).mapToObj(k -> plan.dueNs(k, 0) - k * 100L * MS).toList();
  }

  private static List<String> words(StreamPlan plan) {
    List<String> words = new ArrayList<>();
    for (int step = 0; step < plan.tokens(); step++) {
      words.add(plan.token(step));
    }
    return words;
  }

  private static List<String> rightWords() {
    return IntStream.range(0, 20).mapToObj(new SeededText(42)::token).toList();
  }

  private static StreamPlan defective(String defect) {
    return defects(defect).plan(plan(new Pace(20, 2_000 * MS, 0, 0, Pace.NEVER)), 3);
  }

  private static LlmDefects defects(String text) {
    return LlmSettings.read(LlmServer.SPEC.reader(Map.of("defect", text))).defects();
  }

  private static PacedPlan plan(Pace pace) {
    return PacedPlan.of(request(pace, Integer.MAX_VALUE), 0);
  }

  private static ChatRequest request(Pace pace, int tokenBound) {
    return new ChatRequest("m", Delivery.STREAM, 42, pace, tokenBound, 0);
  }
}
