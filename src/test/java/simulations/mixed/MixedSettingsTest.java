package simulations.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;

class MixedSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, '20, 40, 20, 8, 1.0, PT2S, PT7S, PT0.15S, PT0.3S, '",
    "quick, '50, 200, 100, 20, 1.0, PT5S, PT30S, PT0.2S, PT1S, '",
    "medium, '200, 1000, 500, 100, 1.0, PT15S, PT1M30S, PT0.5S, PT2S, '",
  })
  void profiles_are_pinned(String profile, String load) {
    assertThat(Options.values(read("profile", profile).load())).startsWith(load);
  }

  @Test
  void the_sentence_gives_the_skew_and_its_meaning() {
    MixedSettings settings = read("items", "2", "skew", "1");
    assertThat(settings.sentence())
        .contains("Zipf's law with exponent 1 (the first draws 67 % of them)");
    assertThat(settings.itemNames("i")).containsExactly("i-1", "i-2");
  }

  private static MixedSettings read(String... namesAndValues) {
    return MixedSettings.read(Options.config("mixed-workload", namesAndValues));
  }
}
