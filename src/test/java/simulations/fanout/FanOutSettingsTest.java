package simulations.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;

class FanOutSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, 3, 'MEASURE, 100, PT2S, 50, PT0.1S'",
    "quick, 5, 'MEASURE, 100, PT5S, 200, PT0.1S'",
    "thousand, 10, 'MEASURE, 1000, PT10S, 200, PT0.1S'",
    "ten-thousand, 20, 'MEASURE, 10000, PT40S, 100, PT0.5S'",
  })
  void profiles_are_pinned(String profile, int warmupS, String step) {
    FanOutSettings settings = read("profile", profile);
    assertThat(settings.steps()).extracting(Options::values).containsExactly(step);
    assertThat(settings.plan().joinWithin()).hasSeconds(20);
    assertThat(settings.common().warmup()).hasSeconds(warmupS);
    assertThat(settings.auction().service().drainWithin()).hasSeconds(15);
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
    assertThat(Options.values(read("profile", "thousand").warmUpStep()))
        .isEqualTo("WARM_UP, 100, PT5S, 500, PT0.01S");
  }

  @Test
  void a_peer_takes_the_place_of_the_bundled_broadcast_without_a_defect() {
    assertThat(read("broadcast", "nchan").auction().service().broadcastPeer()).contains("nchan");
    assertThatThrownBy(() -> read("broadcast", "nginx"))
        .hasMessageContaining("-Dbroadcast: 'nginx' is no peer of the broadcast service");
    assertThatThrownBy(() -> read("broadcast", "nchan", "broadcast.defect", "lost-event"))
        .hasMessageContaining("leave -Dapi-url and -Dbroadcast.defect out");
  }

  private static boolean growth(FanOutSettings settings) {
    return settings.common().thresholds().stream()
        .anyMatch(threshold -> threshold.text().equals("lag_growth_exponent < 1"));
  }

  private static FanOutSettings read(String... namesAndValues) {
    return FanOutSettings.read(Options.config("fan-out", namesAndValues));
  }
}
