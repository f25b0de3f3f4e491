package bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;
import stack.TargetJvm;

class BenchSettingsTest {
  @Test
  void without_options_it_is_a_thousand_streams_of_the_default_pace() {
    BenchSettings settings = BenchSettings.read(Map.of());
    assertThat(settings.load())
        .isEqualTo(
            new StreamLoad(
                1000, 163, Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(5)));
    assertThat(settings.rounds()).isEqualTo(3);
    assertThat(settings.threads()).isEqualTo(1);
    assertThat(settings.jvmOptions()).isEqualTo(TargetJvm.options("128m"));
  }

  @Test
  void every_wrong_option_is_told_at_once() {
    assertThatThrownBy(
            () -> BenchSettings.read(Map.of("streams", "many", "rounds", "0", "duration", "10")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--streams: 'many' is not a whole number")
        .hasMessageContaining("--rounds: '0'")
        .hasMessageContaining("--duration: '10' has no unit");
  }

  @Test
  void a_ramp_that_leaves_no_plateau_is_refused() {
    assertThatThrownBy(() -> BenchSettings.read(Map.of("rampup", "9s")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--rampup: must be at least 1.2s shorter than --duration");
    assertThat(BenchSettings.read(Map.of("rampup", "8800ms")).load().rampup())
        .isEqualTo(Duration.ofMillis(8800));
  }
}
