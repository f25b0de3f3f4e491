package simulations.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;

class MixedSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          smoke  | 20 40 20 8      | 2s 7s 150ms 300ms
          quick  | 50 200 100 20   | 5s 30s 200ms 1s
          medium | 200 1000 500 100| 15s 90s 500ms 2s
          """)
  void profiles_are_pinned(String profile, String users, String times) {
    String[] counts = users.split(" ", -1);
    String[] lengths = times.split(" ", -1);
    MixedSettings named =
        read(
            "bidders", counts[0],
            "viewers", counts[1],
            "browsers", counts[2],
            "items", counts[3],
            "rampup", lengths[0],
            "run-time", lengths[1],
            "think", lengths[2],
            "browse", lengths[3]);
    assertThat(read("profile", profile).load()).isEqualTo(named.load());
  }

  @Test
  void the_sentence_gives_the_skew_and_its_meaning() {
    MixedSettings settings = read("items", "2", "skew", "1");
    assertThat(settings.sentence())
        .contains("Zipf's law with exponent 1.0 (the first draws 67 % of them)");
    assertThat(settings.itemNames("i")).containsExactly("i-1", "i-2");
  }

  @Test
  void users_must_be_there_before_the_time_is_up() {
    assertThat(Options.errors(() -> read("rampup", "10s", "run-time", "10s")))
        .containsExactly(
            "-Drun-time: must be longer than the 10 s in which the users come (-Drampup)");
  }

  private static MixedSettings read(String... namesAndValues) {
    return MixedSettings.read(Options.config("mixed-workload", namesAndValues));
  }
}
