package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.SeededText;
import settings.SettingsReader;
import targets.llm.LlmServer;
import targets.llm.RunningLlm;
import targets.llm.StreamPlan;
import targets.llm.StreamPlan.Ending;

@Timeout(30)
class LlmDefectsTest {
  private static final long MS = 1_000_000;
  private static final List<String> RIGHT =
      IntStream.range(0, 20).mapToObj(new SeededText(42)::token).toList();

  @ParameterizedTest
  @CsvSource({"drop-token,19,0", "duplicate-token,21,1", "swap-tokens,20,0", "wrong-text,20,1"})
  void a_wrong_text_reaches_the_client_and_the_stream_still_ends_well(
      String name, int tokens, int extra) {
    try (RunningLlm llm = llm(name)) {
      String body = llm.chat("", STREAM).body();
      List<String> words = RunningLlm.words(body);
      assertThat(words).hasSize(tokens).isNotEqualTo(RIGHT);
      RIGHT.forEach(words::remove);
      assertThat(words).as("tokens that are not in the text").hasSize(extra);
      assertThat(body).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void an_early_close_is_a_clean_end_without_finish_and_done() {
    try (RunningLlm llm = llm("early-close")) {
      String body = llm.chat("", STREAM).body();
      assertThat(RunningLlm.words(body)).isEqualTo(RIGHT.subList(0, 10));
      assertThat(RunningLlm.data(body)).hasSize(10);
    }
  }

  @Test
  void drifting_pace_counts_from_the_token_before_in_whole_milliseconds() {
    StreamPlan plan = defects("drifting-pace").of(new Steady(163, 10_000 * MS), 5, 42);
    assertThat(plan.dueNs(0, 0)).isZero();
    // 61.35 ms and 3 percent are 63.19 ms.
    assertThat(plan.dueNs(1, 7 * MS)).isEqualTo((7 + 64) * MS);
    StreamPlan rounding = defects("drifting-pace=0").of(new Steady(163, 10_000 * MS), 5, 42);
    assertThat(rounding.dueNs(1, 7 * MS)).isEqualTo((7 + 62) * MS);
  }

  @ParameterizedTest
  @CsvSource({"drop-token, 100", "'', 0"})
  void by_default_one_stream_in_ten_is_hit_and_the_others_have_the_right_plan(
      String defect, int hit) {
    StreamPlan right = new Steady(20, 2_000 * MS);
    LlmServer.Plans defects = defects(defect);
    assertThat(IntStream.range(0, 1_000).filter(k -> defects.of(right, k, 42) != right))
        .hasSize(hit);
  }

  @Test
  void a_stream_of_one_token_survives_every_defect() {
    StreamPlan right = new Steady(1, 0);
    for (Defect defect : Defect.all(LlmDefects.ALL)) {
      StreamPlan plan = defects(defect.name() + "=1").of(right, 0, 42);
      assertThat(IntStream.range(0, plan.tokens()).mapToObj(plan::token)).hasSizeBetween(0, 2);
      assertThat(plan.dueNs(plan.tokens(), 0)).isNotNegative();
    }
  }

  /** A server whose every stream of 20 tokens has the defect. */
  private static RunningLlm llm(String defect) {
    return new RunningLlm(LlmDefects.SPEC, "tokens=20", "defect=" + defect + "=1");
  }

  private static LlmServer.Plans defects(String text) {
    SettingsReader reader = LlmDefects.SPEC.reader(Map.of("defect", text));
    return LlmDefects.plans(new Defects(reader, Defect.all(LlmDefects.ALL)));
  }

  private record Steady(int tokens, long durationNs) implements StreamPlan {
    @Override
    public String token(int step) {
      return new SeededText(42).token(step);
    }

    @Override
    public long dueNs(int step, long previousNs) {
      return step * durationNs / tokens;
    }

    @Override
    public Ending ending() {
      return Ending.STOP;
    }
  }
}
