package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.auction.AuctionTargets.Part;
import simulations.breaking.BreakingSettings;
import simulations.fanout.FanOutSettings;
import simulations.mixed.MixedSettings;
import simulations.run.Options;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;

/** The settings of the contended bids, and those that they share with other simulations. */
class ContendSettingsTest {
  private static final Map<String, Function<SuiteConfig, SimulationSettings>> READERS =
      Map.of(
          "contended-bids", ContendSettings::read,
          "breaking-point", BreakingSettings::read,
          "fan-out", FanOutSettings::read,
          "mixed-workload", MixedSettings::read);

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
    "contended-bids, users=1000 spawn-rate=10, -Drun-time: must be longer than the 100 s in which",
    "contended-bids, host=http://h:1 bid.defect=torn-pair, -Dbid.defect: a defect can only be",
    "contended-bids, ws-url=ws://h:1, -Dws-url: is for an auction of your own; name its bid",
    "contended-bids, bid.step=5, -Dbid.*: is for a bid service of your own; name it too",
    "contended-bids, bid.path=items, '-Dbid.path: ''items'' is not a path such as /items/#{id}'",
    "contended-bids, bid.body={}, '-Dbid.body: ''{}'' has no #{amount}'",
    "contended-bids, bid.price=price, '-Dbid.price: ''price'' is no JSON pointer'",
    "contended-bids, host=http://h bid.success=none bid.accepted=200, -Dbid.rejected: has a status",
    "contended-bids, losers=100, -Dlosers: '100' is not a whole number from 0 to 99",
    "contended-bids, strategy=hope, -Dstrategy: 'hope' is unknown; choose one of lua",
    "breaking-point, start=1000 factor=10 steps=9, -Dsteps: lead to more than a million bids a",
    "fan-out, api-url=http://h:1, -Dws-url: is missing; name where viewers of your own",
    "fan-out, connections=200000 bids=1000, '-Dbids: with these viewers makes 200,000,000 lags'",
    "fan-out, item-id=a+b, -Ditem-id: 'a+b' is not 1 to 100 letters",
    "mixed-workload, rampup=10s run-time=10s, -Drun-time: must be longer than the 10 s in which the"
        + " users come (-Drampup)",
  })
  void wrong_and_contradicting_settings_are_refused(String section, String options, String error) {
    var config = Options.config(section, options.split("[ =]", -1));
    assertThat(Options.errors(() -> READERS.get(section).apply(config)))
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

  @ParameterizedTest
  @ValueSource(strings = {"smoke", "quick", "fine"})
  void steps_of_every_profile_fit_into_the_run(String profile) {
    BreakingSettings settings =
        BreakingSettings.read(Options.config("breaking-point", "profile", profile));
    assertThat(settings.sentence()).contains("their p99 exceeds 100 ms");
    assertThat(settings.longest()).isGreaterThan(settings.users().hold());
  }

  @Test
  void the_load_is_described_with_options_that_are_read_last() {
    assertThat(read("losers", "7").sentence())
        .contains("; 7 % of the bids must lose; a warm-up of 5 s is cut.");
  }

  private static ContendSettings read(String... namesAndValues) {
    return ContendSettings.read(Options.config("contended-bids", namesAndValues));
  }
}
