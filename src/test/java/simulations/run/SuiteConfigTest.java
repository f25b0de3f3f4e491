package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;
import settings.SettingsReader;
import verdict.Validity;

class SuiteConfigTest {
  private static final Map<String, String> NONE = Map.of();

  @Test
  void the_profile_comes_before_the_defaults() {
    assertThat(clients(NONE, NONE)).isEqualTo(1000);
    assertThat(clients(Map.of("profile", "light"), NONE)).isEqualTo(100);
  }

  @Test
  void the_environment_comes_before_the_profile_and_a_property_before_both() {
    Map<String, String> environment = Map.of("GAUNTLET_CLIENTS", "7", "GAUNTLET_PROFILE", "light");

    assertThat(clients(NONE, environment)).isEqualTo(7);
    assertThat(clients(Map.of("clients", "8"), environment)).isEqualTo(8);
    assertThat(config(NONE, environment).profile()).isEqualTo("light");
    assertThat(config(Map.of("profile", "smoke"), environment).profile()).isEqualTo("smoke");
  }

  @Test
  void dots_and_dashes_are_underscores_in_the_environment() {
    SuiteConfig config =
        config(
            NONE,
            Map.of(
                "GAUNTLET_PROXY_URL", "http://a:1", "GAUNTLET_FIRST_TOKEN", "2s", "CLIENTS", "9"));

    assertThat(config.asTexts())
        .containsEntry("proxy.url", "http://a:1")
        .containsEntry("first-token", "2s")
        .containsEntry("clients", "1000");
  }

  @Test
  void a_list_is_given_with_commas() {
    SettingsReader reader =
        config(Map.of("thresholds", "goodput > 99 % , ttft.p95 < 1 s"), NONE).reader();

    assertThat(reader.texts("thresholds")).containsExactly("goodput > 99 %", "ttft.p95 < 1 s");
  }

  @Test
  void an_unknown_profile_is_an_error_that_names_those_there_are() {
    SettingsReader reader = config(Map.of("profile", "huge"), NONE).reader();

    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(reader::finish)
        .withMessage(
            "-Dprofile: 'huge' is unknown; choose one of extreme, heavy, light, medium, smoke");
  }

  @Test
  void a_profile_named_by_a_path_is_unknown_too() {
    assertThat(config(Map.of("profile", "light.clients"), NONE).reader().isRight()).isFalse();
    assertThat(config(Map.of("profile", ""), NONE).reader().isRight()).isFalse();
  }

  @Test
  void bounds_of_validity_are_pinned() {
    assertThat(CommonSettings.read(config(NONE, NONE), "SseBattleSimulation", Map.of()).bounds())
        .isEqualTo(new Validity.Bounds(250, 100, 250, 5, 99, 20, 5));
  }

  @Test
  void texts_leave_lists_out() {
    assertThat(config(NONE, NONE).asTexts())
        .doesNotContainKeys("slos", "thresholds")
        .containsEntry("monitor", "2s");
  }

  private static int clients(Map<String, String> properties, Map<String, String> environment) {
    return config(properties, environment).reader().integer("clients", 1, 9_999);
  }

  private static SuiteConfig config(
      Map<String, String> properties, Map<String, String> environment) {
    return new SuiteConfig("sse-battle", properties, environment);
  }
}
