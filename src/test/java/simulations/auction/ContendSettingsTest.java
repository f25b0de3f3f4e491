package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.auction.AuctionTargets.Part;
import simulations.run.Options;

/** The settings of the contended bids, and those that they share with other simulations. */
class ContendSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, '50, PT2S, PT8S', 6, 100",
    "quick, '100, PT5S, PT30S', 25, 30",
    "thousand, '1000, PT20S, PT1M', 40, 1000"
  })
  void profiles_are_pinned(String profile, String users, int holdS, int thinkMs) {
    ContendSettings settings = read("profile", profile);
    assertThat(Options.values(settings.users())).isEqualTo(users);
    assertThat(settings.users().hold()).hasSeconds(holdS);
    assertThat(settings.load().think()).hasMillis(thinkMs);
    assertThat(settings.auction().isOwn()).isFalse();
    assertThat(settings.itemNames("own")).containsExactly("own");
  }

  @ParameterizedTest
  @CsvSource({
    "users,  1000, spawn-rate, 10,        -Drun-time: must be longer than the 100 s in which",
    "host,   http://h:1, bid.defect, torn-pair, -Dbid.defect: a defect can only be planted in the",
    "ws-url, ws://h:1, users, 10,         -Dws-url: is for an auction of your own; name its bid",
    "losers, 100, users, 10,              -Dlosers: '100' is not a whole number from 0 to 99",
    "strategy, hope, users, 10,           -Dstrategy: 'hope' is unknown; choose one of lua",
  })
  void wrong_and_contradicting_settings_are_refused(
      String name, String value, String other, String otherValue, String error) {
    assertThat(Options.errors(() -> read(name, value, other, otherValue)))
        .singleElement()
        .asString()
        .startsWith(error);
  }

  @Test
  void options_of_a_service_reach_it() {
    AuctionSettings settings =
        read("strategy", "optimistic", "archive.defect", "archive-before-item").auction();
    assertThat(settings.options(Part.BIDS))
        .containsExactly("--strategy", "optimistic", "--threads", "64");
    assertThat(settings.options(Part.ARCHIVE)).isEmpty();
    assertThat(settings.defect(Part.ARCHIVE)).contains("archive-before-item");
    assertThat(settings.defect(Part.BIDS)).isEmpty();
  }

  private static ContendSettings read(String... namesAndValues) {
    return ContendSettings.read(Options.config("contended-bids", namesAndValues));
  }
}
