package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;
import simulations.run.SuiteConfig;

/** The settings of the auction's simulations as users give them. */
class ContendSettingsTest {
  @Test
  void the_default_is_a_hundred_users_for_half_a_minute() {
    ContendSettings settings = contend(Map.of());
    assertThat(settings.plan().users()).isEqualTo(100);
    assertThat(settings.plan().rampup().plus(settings.plan().hold()))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.plan().think()).isEqualTo(Duration.ofMillis(30));
    assertThat(settings.service().isOwn()).isFalse();
    assertThat(settings.item()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"smoke, 50", "quick, 100", "thousand, 1000"})
  void every_profile_is_right(String profile, int users) {
    assertThat(contend(Map.of("profile", profile)).plan().users()).isEqualTo(users);
  }

  @ParameterizedTest
  @ValueSource(strings = {"smoke", "quick", "fine"})
  void every_profile_of_the_breaking_point_is_right(String profile) {
    BreakSettings settings = breaking(Map.of("profile", profile));
    assertThat(settings.steps().p99Bound()).isEqualTo(Duration.ofMillis(100));
    assertThat(settings.longest()).isGreaterThan(settings.hold());
  }

  @Test
  void users_who_come_longer_than_the_run_are_refused() {
    assertThatThrownBy(() -> contend(Map.of("users", "1000", "spawn-rate", "10")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("-Drun-time")
        .hasMessageContaining("100 s");
  }

  @Test
  void a_defect_in_an_auction_of_the_users_own_is_refused() {
    assertThatThrownBy(
            () -> contend(Map.of("host", "http://127.0.0.1:8080", "bid.defect", "torn-pair")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("-Dbid.defect: a defect can only be planted in the bundled auction");
  }

  @Test
  void viewers_of_an_own_auction_need_its_bid_service() {
    assertThatThrownBy(() -> contend(Map.of("ws-url", "ws://127.0.0.1:8081")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("-Dws-url: is for an auction of your own");
  }

  @Test
  void steps_that_lead_nowhere_are_refused() {
    assertThatThrownBy(() -> breaking(Map.of("start", "1000", "factor", "10", "steps", "9")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("-Dsteps: lead to more than a million bids a second");
  }

  private static ContendSettings contend(Map<String, String> properties) {
    return ContendSettings.read(new SuiteConfig("contended-bids", properties, Map.of()));
  }

  private static BreakSettings breaking(Map<String, String> properties) {
    return BreakSettings.read(new SuiteConfig("breaking-point", properties, Map.of()));
  }
}
