package simulations.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;

class MixedSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, 20, 40, 80, 8, 2, 5, 150, 300",
    "quick, 50, 200, 350, 20, 5, 25, 200, 1000",
    "medium, 200, 1000, 1700, 100, 15, 75, 500, 2000",
  })
  void profiles_are_pinned(
      String profile,
      int bidders,
      int viewers,
      int users,
      int items,
      int rampupS,
      int holdS,
      int thinkMs,
      int browseMs) {
    MixedSettings settings = read("profile", profile);
    assertThat(settings.bidders()).isEqualTo(bidders);
    assertThat(settings.viewers()).isEqualTo(viewers);
    assertThat(settings.users().count()).isEqualTo(users);
    assertThat(settings.itemNames("i")).hasSize(items).startsWith("i-1");
    assertThat(settings.users().rampup()).isEqualTo(Duration.ofSeconds(rampupS));
    assertThat(settings.users().hold()).isEqualTo(Duration.ofSeconds(holdS));
    assertThat(settings.think()).isEqualTo(Duration.ofMillis(thinkMs));
    assertThat(settings.browse()).isEqualTo(Duration.ofMillis(browseMs));
  }

  @Test
  void the_sentence_gives_the_skew_and_its_meaning() {
    assertThat(read("items", "2", "skew", "1").sentence())
        .contains("Zipf's law with exponent 1.0 (the first draws 67 % of them)");
  }

  @Test
  void users_must_be_there_before_the_time_is_up() {
    assertThat(Options.errors(() -> read("rampup", "10s", "run-time", "10s")))
        .containsExactly(
            "-Drun-time: must be longer than the 10 s in which the users come (-Drampup)");
  }

  @Test
  void every_wrong_option_is_named() {
    assertThat(
            String.join(
                "\n",
                Options.errors(
                    () ->
                        read(
                            "bidders",
                            "0",
                            "viewers",
                            "-1",
                            "browsers",
                            "some",
                            "items",
                            "0",
                            "skew",
                            "steep",
                            "run-time",
                            "1h30",
                            "ws-url",
                            "http://h:1"))))
        .contains(
            "-Dbidders: '0' is not a whole number from 1",
            "-Dviewers: '-1' is not a whole number from 0",
            "-Dbrowsers: 'some' is not a whole number",
            "-Ditems: '0' is not a whole number from 1",
            "-Dskew: 'steep' is not",
            "-Drun-time: '1h30' is not a length of time",
            "-Dws-url: 'http://h:1' is not an address such as ws://");
  }

  private static MixedSettings read(String... namesAndValues) {
    return MixedSettings.read(Options.config("mixed-workload", namesAndValues));
  }
}
