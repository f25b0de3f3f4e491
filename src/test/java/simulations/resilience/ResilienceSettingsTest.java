package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import faults.ClockStep;
import faults.FaultPlan.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;

class ResilienceSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "auction, smoke, broadcast, '', broadcast kill 4",
    "auction, quick, postgres, '', postgres stop 20",
    "auction, quick, redis, pause, redis pause 20",
    "relay, quick, bridge, '', bridge kill 20",
    "relay, smoke, adapter-nats, '', adapter-nats black-hole 4",
    "ticker, smoke, nats, '', nats stop 4",
    "sse, quick, users-proxy, reset, users-proxy reset 20",
    "events, smoke, events, pause, events pause 4",
  })
  void a_named_plan_strikes_its_part(
      String system, String profile, String plan, String fault, String strike) {
    ResilienceSettings settings =
        read("system", system, "profile", profile, "plan", plan, "fault", fault);
    assertThat(settings.plan().strikes().stream().map(ResilienceSettingsTest::words))
        .containsExactly(strike);
  }

  @Test
  void the_sentence_has_the_fractions_of_seconds() {
    ResilienceSettings settings =
        read("system", "sse", "profile", "smoke", "fault-at", "2500ms", "rampup", "2s");
    assertThat(settings.sentence()).endsWith("Faults: llm kill at 4.50 s.");
  }

  @ParameterizedTest
  @CsvSource({"auction, 18", "relay, 12", "ticker, 9", "sse, 6", "events, 3"})
  void all_strikes_every_process_in_each_way_before_the_load_ends(String system, int strikes) {
    ResilienceSettings settings = read("system", system, "profile", "all");
    assertThat(settings.plan().strikes().stream().map(Strike::name))
        .hasSize(strikes)
        .doesNotHaveDuplicates();
    assertThat(settings.sentence()).contains("Faults: ", " pause at ");
    assertThat(settings.common().simulation()).isEqualTo("ResilienceSimulation");
    assertThat(settings.common().profile())
        .isEqualTo(system.equals("auction") ? "all" : system + "-all");
  }

  @ParameterizedTest
  @CsvSource({
    "auction, run-time, 21, bids-redis",
    "relay, duration, 12, bridge-nats",
    "ticker, duration, 9, ticker-nats",
    "sse, hold, 6, proxy-llm",
    "events, hold, 3, users-events",
  })
  void links_strikes_every_link_in_each_way(
      String system, String length, int strikes, String link) {
    String[] options = {"system", system, "profile", "smoke", "plan", "links", length, "140s"};
    assertThat(read(options).plan().strikes())
        .hasSize(strikes)
        .map(Strike::name)
        .contains(link + " reset", link + " black-hole", link + " latency");
  }

  @ParameterizedTest
  @CsvSource({
    "auction, run-time, bids broadcast archive",
    "relay, duration, bridge adapter",
    "ticker, duration, publisher ticker",
    "sse, hold, llm proxy",
    "events, hold, events",
  })
  void clocks_steps_that_of_every_bundled_target(String system, String length, String targets) {
    String[] options = {"system", system, "plan", "clocks", "fault-step", "-2s", length, "200s"};
    assertThat(read(options).plan().strikes())
        .allMatch(each -> each.what().equals(new ClockStep(Duration.ofSeconds(-2))))
        .map(Strike::whom)
        .containsExactlyInAnyOrder(targets.split(" ", -1));
    assertThat(read(options).strikesAny(Set.of(targets.split(" ", -1)))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "auction, redis, system, auction, redis",
    "auction, broadcast, broadcast, nchan, broadcast",
    "events, clocks, docker.containers, web, web",
  })
  void the_clock_of_anything_but_a_bundled_target_is_not_stepped(
      String system, String plan, String option, String value, String whom) {
    String[] options = {"system", system, "plan", plan, "fault", "clock-step", option, value};
    assertThat(errors(options))
        .containsExactly("-Dplan: clock-step is for bundled targets of the run, not " + whom);
  }

  @ParameterizedTest
  @CsvSource({"nats.leaf, nats-leaf", "nats.cluster, nats-3"})
  void further_servers_of_nats_are_parts_of_a_relay_that_has_them(String option, String part) {
    String[] options = {"system", "relay", "plan", part, option, "false"};
    assertThat(errors(options))
        .singleElement()
        .asString()
        .endsWith(
            "choose of adapter, adapter-nats, all, bridge, bridge-nats, bridge-redis, clocks,"
                + " links, nats, redis, users-adapter, or name a file");
    options[5] = "true";
    assertThat(read(options).plan().strikes()).hasSize(1);
  }

  @Test
  void parts_of_a_service_of_your_own_are_the_only_ones() {
    String[] options = {
      "system", "events", "docker.containers", "web,db", "plan", "all", "hold", "10m"
    };
    assertThat(read(options).plan().strikes().stream().map(Strike::name))
        .hasSize(6)
        .contains("web kill", "db pause");
    assertThat(read(options).strikesOthers()).isTrue();
    assertThat(errors("toxiproxy.url", "http://127.0.0.1:8474"))
        .singleElement()
        .asString()
        .startsWith("-Dtoxiproxy.url: belongs together with -Dtoxiproxy.proxies");
  }

  @Test
  void a_system_that_is_unknown_is_reported() {
    assertThat(errors("system", "mongo"))
        .singleElement()
        .asString()
        .startsWith("-Dsystem: ")
        .contains("auction", "relay", "ticker", "sse", "events");
  }

  @Test
  void a_plan_may_be_a_file_whose_errors_are_reported_with_the_others(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("plan.conf");
    Files.writeString(file, "faults = [{ at = 1s, for = 2s, whom = [bids, redis], what = stop }]");
    assertThat(read("plan", file.toString()).plan().strikes()).hasSize(2);
    Files.writeString(file, "faults = [{ at = 1s, for = 2s, whom = mongo, what = stop }]");
    assertThat(errors("plan", file.toString(), "users", "1"))
        .hasSize(2)
        .anyMatch(error -> error.contains("-Dplan: faults[0].whom 'mongo' is unknown"));
  }

  @ParameterizedTest
  @CsvSource({
    "plan, mongo, -Dplan: cannot be read: 'mongo' is no plan of this system and no file",
    "fault, full-disk, '-Dplan: full-disk is for nats, nats-2, nats-3, postgres, redis that the run"
        + " starts, not broadcast'",
    "fault, slow, -Dplan: faults[0].what 'slow' is unknown",
    "run-time, 74s, '-Drun-time: the last fault is healed 50 s after all users are there; have at"
        + " least 15 s more'",
  })
  void wrong_options_are_reported(String name, String value, String error) {
    assertThat(errors(name, value)).singleElement().asString().startsWith(error);
  }

  private static String words(Strike strike) {
    return strike.name() + " " + strike.at().toSeconds();
  }

  private static List<String> errors(String... namesAndValues) {
    return Options.errors(() -> read(namesAndValues));
  }

  private static ResilienceSettings read(String... namesAndValues) {
    return ResilienceSettings.read(Options.config("resilience", namesAndValues));
  }
}
