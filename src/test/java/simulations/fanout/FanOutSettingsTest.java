package simulations.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kpi.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;

class FanOutSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, 100, 2, 50, 100, 3",
    "quick, 100, 5, 200, 100, 5",
    "thousand, 1000, 10, 200, 100, 10",
    "ten-thousand, 10000, 40, 100, 500, 20",
  })
  void profiles_are_pinned(
      String profile, int viewers, int rampupS, int bids, int intervalMs, int warmupS) {
    FanOutSettings settings = read("profile", profile);
    assertThat(settings.steps())
        .containsExactly(
            new Step.Plan(
                Phase.MEASURE,
                viewers,
                Duration.ofSeconds(rampupS),
                bids,
                Duration.ofMillis(intervalMs)));
    assertThat(settings.plan().joinWithin()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.common().warmup()).isEqualTo(Duration.ofSeconds(warmupS));
    assertThat(settings.auction().drainWithin()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void steps_replace_connections_and_share_the_ramp() {
    FanOutSettings settings = read("steps", "100,1000", "rampup", "10s");
    assertThat(settings.steps())
        .extracting(Step.Plan::words, Step.Plan::rampup)
        .hasToString("[(\"viewers_100\", 1S), (\"viewers_1000\", 10S)]");
    assertThat(settings.sentence()).startsWith("100, then 1,000 viewers");
    assertThat(growth(settings)).isFalse();
    assertThat(growth(read("steps", "10,20,40"))).isTrue();
  }

  @Test
  void a_warm_up_has_few_viewers_and_many_bids() {
    assertThat(read("profile", "thousand").warmUpStep())
        .isEqualTo(
            new Step.Plan(Phase.WARM_UP, 100, Duration.ofSeconds(5), 500, Duration.ofMillis(10)));
  }

  @ParameterizedTest
  @CsvSource({
    "api-url, http://h:1, bids, 9, -Dws-url: is missing; name where viewers of your own",
    "ws-url, ws://h:1, bids, 9,    '-Dws-url: is for an auction of your own; name its bid service'",
    "connections, 200000, bids, 1000, '-Dbids: with these viewers makes 200,000,000 lags'",
    "steps, '100,none', bids, 9,   -Dsteps: 'none' is not a whole number from 1 to 200000",
    "item-id, a b, bids, 9,        -Ditem-id: 'a b' is not 1 to 100 letters",
  })
  void wrong_and_contradicting_settings_are_refused(
      String name, String value, String other, String otherValue, String error) {
    assertThat(Options.errors(() -> read(name, value, other, otherValue)))
        .anyMatch(each -> each.startsWith(error));
  }

  private static boolean growth(FanOutSettings settings) {
    return settings.common().thresholds().stream()
        .anyMatch(threshold -> threshold.text().equals("lag_growth_exponent < 1"));
  }

  private static FanOutSettings read(String... namesAndValues) {
    return FanOutSettings.read(Options.config("fan-out", namesAndValues));
  }
}
