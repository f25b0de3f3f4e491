package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.auction.AuctionTargets.Part;
import simulations.run.Options;

/** The settings of the contended bids, and those that they share with other simulations. */
class ContendSettingsTest {
  @ParameterizedTest
  @CsvSource({"smoke, 50, 2, 8, 100", "quick, 100, 5, 30, 30", "thousand, 1000, 20, 60, 1000"})
  void profiles_are_pinned(String profile, int users, int rampupS, int runTimeS, int thinkMs) {
    ContendSettings settings = read("profile", profile);
    assertThat(settings.users())
        .isEqualTo(
            new AuctionSettings.Users(
                users, Duration.ofSeconds(rampupS), Duration.ofSeconds(runTimeS)));
    assertThat(settings.users().hold()).isEqualTo(Duration.ofSeconds(runTimeS - rampupS));
    assertThat(settings.load().think()).isEqualTo(Duration.ofMillis(thinkMs));
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
