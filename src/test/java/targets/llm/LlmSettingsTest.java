package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

class LlmSettingsTest {
  @Test
  void the_defaults_are_these() {
    LlmSettings settings = LlmSettings.read(LlmServer.SPEC.reader(Map.of()));
    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFields("apiKey")
        .isEqualTo(
            new LlmSettings(
                "127.0.0.1",
                10081,
                new Pace(163, 10_000_000_000L, 0, 0, Pace.NEVER),
                42,
                20_000,
                1 << 20,
                settings.apiKey(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                1));
    assertThat(settings.apiKey()).isEmpty();
  }

  @Test
  void every_wrong_value_is_reported_at_once() {
    Map<String, String> wrong =
        Map.of(
            "port", "70000",
            "tokens", "many",
            "duration", "10",
            "jitter", "-1ms",
            "max-streams", "0",
            "max-body", "1 potato");
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class, () -> LlmSettings.read(LlmServer.SPEC.reader(wrong)));
    assertThat(bad.errors()).hasSize(6).anyMatch(line -> line.startsWith("--max-body: '1 potato'"));
  }
}
