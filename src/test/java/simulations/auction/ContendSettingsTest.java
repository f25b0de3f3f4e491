package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    "smoke, '20, 40, 20, 8, 1.0, PT2S, PT7S, PT0.15S, PT0.3S, '",
    "quick, '50, 200, 100, 20, 1.0, PT5S, PT30S, PT0.2S, PT1S, '",
    "medium, '200, 1000, 500, 100, 1.0, PT15S, PT1M30S, PT0.5S, PT2S, '",
  })
  void profiles_of_the_mixed_workload_are_pinned(String profile, String load) {
    assertThat(Options.values(mixed("profile", profile).load())).startsWith(load);
  }

  @Test
  void the_sentence_of_the_mixed_workload_gives_the_skew_and_its_meaning() {
    MixedSettings settings = mixed("items", "2", "skew", "1");
    assertThat(settings.sentence())
        .contains("Zipf's law with exponent 1 (the first draws 67 % of them)");
    assertThat(settings.itemNames("i")).containsExactly("i-1", "i-2");
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
  @CsvSource({"smoke, 500 ms", "quick, 100 ms", "fine, 100 ms"})
  void steps_of_every_profile_fit_into_the_run(String profile, String bound) {
    BreakingSettings settings =
        BreakingSettings.read(Options.config("breaking-point", "profile", profile));
    assertThat(settings.sentence()).contains("their p99 exceeds " + bound);
    assertThat(settings.longest()).isGreaterThan(settings.users().hold());
  }

  @Test
  void the_load_is_described_with_options_that_are_read_last() {
    assertThat(read("losers", "7").sentence())
        .contains("; 7 % of the bids must lose; a warm-up of 5 s is cut.");
  }

  private static MixedSettings mixed(String... namesAndValues) {
    return MixedSettings.read(Options.config("mixed-workload", namesAndValues));
  }

  private static ContendSettings read(String... namesAndValues) {
    return ContendSettings.read(Options.config("contended-bids", namesAndValues));
  }
}
