package simulations.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.BadSettings;
import simulations.run.SuiteConfig;

class MixedSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, 20, 40, 20, 8, 2, 7, 150, 300, 2",
    "quick, 50, 200, 100, 20, 5, 30, 200, 1000, 5",
    "medium, 200, 1000, 500, 100, 15, 90, 500, 2000, 10",
  })
  void profiles_are_pinned(
      String profile,
      int bidders,
      int viewers,
      int browsers,
      int items,
      int rampupS,
      int runTimeS,
      int thinkMs,
      int browseMs,
      int warmupS) {
    assertThat(read("profile", profile).plan())
        .isEqualTo(
            new MixedSettings.Plan(
                bidders,
                viewers,
                browsers,
                items,
                1,
                Duration.ofSeconds(rampupS),
                Duration.ofSeconds(runTimeS),
                Duration.ofMillis(thinkMs),
                Duration.ofMillis(browseMs),
                Duration.ofSeconds(warmupS),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20)));
  }

  @Test
  void the_sentence_tells_the_skew_and_what_it_means() {
    assertThat(read("items", "2", "skew", "1").sentence())
        .contains("Zipf's law with exponent 1.0 (the first draws 67 % of them)");
  }

  @Test
  void users_must_be_there_before_the_time_is_up() {
    assertThat(errors("rampup", "10s", "run-time", "10s"))
        .containsExactly(
            "-Drun-time: must be longer than the 10 s in which the users come (-Drampup)");
  }

  @Test
  void an_auction_of_ones_own_needs_both_addresses() {
    assertThat(errors("api-url", "http://127.0.0.1:8080"))
        .anyMatch(error -> error.startsWith("-Dws-url: is missing"));
  }

  private static List<String> errors(String... pairs) {
    return catchThrowableOfType(BadSettings.class, () -> read(pairs)).errors();
  }

  private static MixedSettings read(String... pairs) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return MixedSettings.read(new SuiteConfig("mixed-workload", properties, Map.of()));
  }
}
