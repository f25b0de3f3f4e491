package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;
import targets.ticker.RawClient;
import targets.ticker.RunningTicker;

@Timeout(60)
class TickerDefectsTest {
  @ParameterizedTest
  @ValueSource(strings = {"drop-everything", "close-after-open=190%", "drop-broadcast=often"})
  void a_wrong_defect_is_reported_before_the_start(String defect) {
    assertThatThrownBy(() -> TickerDefects.SPEC.start(Map.of("defect", defect)))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--defect: ");
  }

  @Test
  void the_publisher_has_no_requests_that_could_fail() {
    assertThatThrownBy(() -> TickerDefects.PUBLISHER.start(Map.of("defect", "error=6%")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("it answers none");
  }

  @Test
  void a_planted_error_is_answered_by_500_and_counted() throws IOException {
    try (RunningTicker ticker = RunningTicker.of(TickerDefects.SPEC, "defect", "error=100%");
        RawClient client = RawClient.open(ticker.port())) {
      assertThat(client.upgrade(RunningTicker.token("user-1"))).startsWith("HTTP/1.1 500 ");
      assertThat(ticker.metrics().get("refused").get("planted").asInt()).isOne();
    }
  }
}
