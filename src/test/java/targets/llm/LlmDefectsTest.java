package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.SeededText;

@Timeout(30)
class LlmDefectsTest {
  private static final List<String> RIGHT =
      IntStream.range(0, 20).mapToObj(new SeededText(42)::token).toList();

  @ParameterizedTest
  @CsvSource({"drop-token,19", "duplicate-token,21", "swap-tokens,20", "wrong-text,20"})
  void a_wrong_text_reaches_the_client_and_the_stream_still_ends_well(String name, int tokens) {
    try (RunningLlm llm = RunningLlm.with("tokens", "20", "defect", name + "=1")) {
      String body = llm.chat("", STREAM).body();
      assertThat(RunningLlm.words(body)).hasSize(tokens).isNotEqualTo(RIGHT);
      assertThat(body).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void an_early_close_is_a_clean_end_without_finish_and_done() {
    try (RunningLlm llm = RunningLlm.with("tokens", "20", "defect", "early-close=1")) {
      String body = llm.chat("", STREAM).body();
      assertThat(RunningLlm.words(body)).isEqualTo(RIGHT.subList(0, 10));
      assertThat(RunningLlm.data(body)).hasSize(10);
    }
  }

  @Test
  void a_stall_is_seen_once_and_the_stream_catches_up() {
    try (RunningLlm llm = RunningLlm.with("tokens", "20", "defect", "stall=1")) {
      long start = System.nanoTime();
      assertThat(RunningLlm.words(llm.chat("", STREAM).body())).isEqualTo(RIGHT);
      assertThat(System.nanoTime() - start).isBetween(2_000_000_000L, 4_000_000_000L);
    }
  }

  @Test
  void a_drifting_pace_takes_longer_than_it_should() {
    try (RunningLlm llm = RunningLlm.with("tokens", "20", "defect", "drifting-pace=50")) {
      long start = System.nanoTime();
      assertThat(RunningLlm.words(llm.chat("?duration_ms=400", STREAM).body())).isEqualTo(RIGHT);
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(600_000_000L);
    }
  }
}
