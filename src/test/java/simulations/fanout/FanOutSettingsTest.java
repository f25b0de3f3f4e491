package simulations.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.BadSettings;
import simulations.run.SuiteConfig;

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
    assertThat(read("profile", profile).plan())
        .isEqualTo(
            new FanOutSettings.Plan(
                List.of(viewers),
                Duration.ofSeconds(rampupS),
                bids,
                Duration.ofMillis(intervalMs),
                Duration.ofSeconds(warmupS),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(15)));
  }

  @Test
  void steps_take_the_place_of_connections_and_share_the_ramp() {
    FanOutSettings settings = read("steps", "100,1000", "rampup", "10s");
    assertThat(settings.plan().viewers()).containsExactly(100, 1000);
    assertThat(settings.plan().mostViewers()).isEqualTo(1000);
    assertThat(settings.plan().rampup(100)).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.plan().rampup(1000)).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.sentence()).startsWith("100, then 1,000 viewers");
    assertThat(settings.thresholds()).noneMatch(limit -> limit.text().contains("growth"));
  }

  @Test
  void a_warm_up_has_few_viewers_and_many_bids() {
    FanOutSettings.Plan plan = read("profile", "thousand").plan();
    assertThat(plan.warmUpViewers()).isEqualTo(100);
    assertThat(plan.warmUpRamp()).isEqualTo(Duration.ofSeconds(5));
    assertThat(plan.warmUpBids()).isEqualTo(500);
  }

  @Test
  void three_steps_must_grow_less_than_the_viewers() {
    assertThat(read("steps", "10,20,40").thresholds())
        .anyMatch(limit -> limit.text().equals("lag_growth_exponent < 1"));
  }

  @Test
  void an_auction_of_ones_own_needs_both_addresses() {
    FanOutSettings settings =
        read("api-url", "http://127.0.0.1:8080", "ws-url", "ws://127.0.0.1:8081");
    assertThat(settings.service().socket()).contains(URI.create("ws://127.0.0.1:8081"));
    assertThat(errors("api-url", "http://127.0.0.1:8080"))
        .anyMatch(error -> error.startsWith("-Dws-url: is missing"));
    assertThat(errors("ws-url", "ws://127.0.0.1:8081"))
        .anyMatch(error -> error.contains("name its bid service too, by -Dapi-url"));
  }

  @Test
  void more_lags_than_are_kept_are_refused() {
    assertThat(errors("connections", "200000", "bids", "1000"))
        .anyMatch(error -> error.startsWith("-Dbids: with these viewers makes 200,000,000 lags"));
  }

  private static List<String> errors(String... pairs) {
    return catchThrowableOfType(BadSettings.class, () -> read(pairs)).errors();
  }

  private static FanOutSettings read(String... pairs) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return FanOutSettings.read(new SuiteConfig("fan-out", properties, Map.of()));
  }
}
