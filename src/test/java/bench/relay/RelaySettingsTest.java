package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;
import stack.TargetJvm;

class RelaySettingsTest {
  @Test
  void without_options_all_lanes_are_stepped_up_to_128000_tokens_a_second() {
    RelaySettings settings = RelaySettings.read(Map.of());
    assertThat(settings.lanes())
        .containsExactly(LaneKind.REDIS, LaneKind.NATS, LaneKind.CORE, LaneKind.DURABLE);
    assertThat(settings.rates())
        .containsExactly(1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000);
    assertThat(settings.streams()).isEqualTo(100);
    assertThat(settings.duration()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.limit()).isEqualTo(Duration.ofMillis(20));
    assertThat(settings.idle()).isZero();
    assertThat(settings.jvmOptions()).isEqualTo(TargetJvm.options("128m"));
  }

  @Test
  void every_wrong_option_is_told_at_once() {
    assertThatThrownBy(
            () ->
                RelaySettings.read(
                    Map.of(
                        "lanes", "core,kafka",
                        "rates", "1000,fast",
                        "tries", "0",
                        "limit", "20")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--lanes: 'kafka' is no lane")
        .hasMessageContaining("--rates: 'fast' is no number from 1 to 1000000")
        .hasMessageContaining("--tries: '0'")
        .hasMessageContaining("--limit: '20' has no unit");
  }

  @Test
  void rates_must_rise_and_be_rates() {
    refused("rates", "2000,1000", "--rates: '2000,1000' must rise");
    refused("rates", "0", "--rates: '0' is no number");
    refused("rates", "2000000", "--rates: '2000000' is no number");
    refused("rates", "1000,", "--rates: '' is no number");
  }

  @Test
  void every_stream_gets_at_least_one_token_in_a_step() {
    refused("rates", "9", "--rates: 9 tokens/s for 10.0 s are fewer than the 100 --streams");
    assertThat(RelaySettings.read(Map.of("rates", "10")).rates()).containsExactly(10);
  }

  @Test
  void the_books_of_a_step_are_bounded() {
    refused("duration", "20m", "--duration: at the highest of --rates");
  }

  @Test
  void an_idle_bench_needs_a_lane_with_streams() {
    assertThatThrownBy(() -> RelaySettings.read(Map.of("idle", "10", "lanes", "redis,nats")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--lanes: --idle needs an adapter");
    refused("idle", "15001", "--idle: '15001'");
  }

  private static void refused(String option, String value, String message) {
    assertThatThrownBy(() -> RelaySettings.read(Map.of(option, value)))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining(message);
  }
}
