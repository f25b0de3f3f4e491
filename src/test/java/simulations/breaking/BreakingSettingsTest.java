package simulations.breaking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.run.Options;

class BreakingSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"smoke", "quick", "fine"})
  void every_profile_is_right(String profile) {
    BreakingSettings settings = read("profile", profile);
    assertThat(settings.steps().p99Bound()).isEqualTo(Duration.ofMillis(100));
    assertThat(settings.longest()).isGreaterThan(settings.users().hold());
  }

  @Test
  void steps_that_lead_nowhere_are_refused() {
    assertThat(Options.errors(() -> read("start", "1000", "factor", "10", "steps", "9")))
        .containsExactly(
            "-Dsteps: lead to more than a million bids a second; take fewer, or a -Dfactor");
  }

  private static BreakingSettings read(String... namesAndValues) {
    return BreakingSettings.read(Options.config("breaking-point", namesAndValues));
  }
}
