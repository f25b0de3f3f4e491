package simulations.run;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kpi.UnusableFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.SettingsReader;
import verdict.Baseline;
import verdict.Baselines;
import verdict.FigureName;

class SuiteConfigTest {
  private static final Map<String, String> NONE = Map.of();

  @Test
  void a_property_comes_before_the_environment_before_the_profile_before_the_defaults() {
    Map<String, String> environment = Map.of("GAUNTLET_CLIENTS", "7", "GAUNTLET_PROFILE", "light");

    assertThat(clients(NONE, NONE)).isEqualTo("1000");
    assertThat(clients(Map.of("profile", "light"), NONE)).isEqualTo("100");
    assertThat(clients(NONE, environment)).isEqualTo("7");
    assertThat(clients(Map.of("clients", "8"), environment)).isEqualTo("8");
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
  void a_variable_of_one_simulation_comes_before_that_of_all() {
    Map<String, String> environment =
        Map.of("GAUNTLET_CLIENTS", "7", "GAUNTLET_SSE_BATTLE_CLIENTS", "8");

    assertThat(clients(NONE, environment)).isEqualTo("8");
    assertThat(clients(Map.of("clients", "9"), environment)).isEqualTo("9");
    assertThat(
            new SuiteConfig("ping-pong", NONE, Map.of("GAUNTLET_SSE_BATTLE_SEED", "8")).asTexts())
        .containsEntry("seed", "42");
  }

  @Test
  void a_list_is_given_with_commas() {
    SettingsReader reader =
        config(Map.of("thresholds", "goodput > 99 % , ttft.p95 < 1 s"), NONE).reader();

    assertThat(reader.list("thresholds", text -> text))
        .containsExactly("goodput > 99 %", "ttft.p95 < 1 s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"huge", "light.clients", ""})
  void an_unknown_profile_is_an_error_that_names_those_there_are(String profile) {
    SettingsReader reader = config(Map.of("profile", profile), NONE).reader();

    assertThat(Options.errors(reader::finish))
        .containsExactly(
            "-Dprofile: '"
                + profile
                + "' is unknown; choose one of extreme, heavy, light, medium, smoke");
  }

  @ParameterizedTest
  @CsvSource({
    "cleints, clients",
    "clint, ''",
    "clents, clients",
    "thresold, thresholds",
    "stags, stages",
    "headlnes, ''",
    "profle, profile",
    "stage, ''",
    "version, ''",
    "token, ''",
    "run, ''",
    "user, users",
    "simple, ''",
    "conections, connections",
    "events.ulr, events.url",
    "servce.url, service.url",
    "sed, seed",
    "sd, ''",
    "proxy, ''",
    "mode.l, model",
  })
  void an_option_that_is_misspelled_is_an_error(String typed, String meant) {
    Map<String, String> jvm = new HashMap<>();
    System.getProperties().stringPropertyNames().forEach(name -> jvm.put(name, "x"));
    jvm.put(typed, "nginx");
    SettingsReader reader = config(jvm, NONE).reader();

    if (meant.isEmpty()) {
      reader.finish();
    } else {
      assertThat(Options.errors(reader::finish))
          .containsExactly("-D" + typed + ": is no option; -D" + meant + " is");
    }
  }

  @Test
  void a_bound_of_validity_is_no_option() {
    assertThat(Options.errors(config(Map.of("validity.gc-pause", "1s"), NONE).reader()::finish))
        .containsExactly("-Dvalidity.gc-pause: is no option: every run is held to the same bounds");
  }

  @Test
  void an_option_of_other_simulations_is_an_error_but_not_a_variable() {
    Map<String, String> users = Map.of("users", "20", "system", "relay");
    String error = "-Dusers: is an option of other simulations, not of this one";
    assertThat(Options.errors(config(users, NONE).reader()::finish)).contains(error);
    assertThat(Options.errors(new SuiteConfig("resilience-relay", users, NONE).reader()::finish))
        .containsExactly(error);
    new SuiteConfig("resilience", users, NONE).reader().finish();
    config(NONE, Map.of("GAUNTLET_USERS", "20")).reader().finish();
  }

  @ParameterizedTest
  @CsvSource({
    "GAUNTLET_CLEINTS, GAUNTLET_CLIENTS",
    "GAUNTLET_PING_PNG_WS_URL, GAUNTLET_PING_PONG_WS_URL",
    "GAUNTLET_PING_PONG_WS_URL, ''",
    "GAUNTLET_HOME, ''",
    "CLEINTS, ''",
  })
  void a_variable_that_is_misspelled_is_an_error(String typed, String meant) {
    SettingsReader reader = config(NONE, Map.of(typed, "7")).reader();

    if (meant.isEmpty()) {
      reader.finish();
    } else {
      assertThat(Options.errors(reader::finish))
          .containsExactly(typed + ": is no option; " + meant + " is");
    }
  }

  @Test
  void texts_have_lists_and_the_injectors_own_settings_but_no_limits() {
    SuiteConfig config = new SuiteConfig("fan-out", Map.of("steps", "1000,3000"), NONE);

    assertThat(ManifestFile.settings(config.asTexts()))
        .doesNotContainKeys("slos", "thresholds", "regression-rules")
        .containsEntry("steps", "1000, 3000")
        .containsEntry("monitor", "2s")
        .containsEntry("injector.heap", Runtime.getRuntime().maxMemory() / (1 << 20) + "m")
        .containsKey("injector.threads");
  }

  @Test
  void texts_have_the_proxy_on_the_way_if_there_is_one() {
    assertThat(config(Map.of("proxy-server", "http://proxy:3128"), NONE).asTexts())
        .containsEntry("proxy-server", "http://proxy:3128");
    assertThat(config(NONE, NONE).asTexts()).doesNotContainKey("proxy-server");
  }

  /** A run is compared only with a baseline of its settings: a new option would end all of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sse-battle", "token-relay", "ping-pong", "contended-bids",
        "breaking-point", "fan-out", "mixed-workload", "throughput",
        "backpressure", "memory-stability", "watcher-scale", "shutdown",
        "resilience",
      })
  void the_committed_baseline_is_of_the_settings_that_its_profile_has(String section)
      throws UnusableFile {
    String words = "-" + section + "-simulation";
    String simulation =
        Pattern.compile("-(\\w)").matcher(words).replaceAll(m -> m.group(1).toUpperCase(ROOT));
    SuiteConfig config = new SuiteConfig(section, Map.of("profile", "smoke"), NONE);
    Map<String, String> now = config.asTexts();
    now.keySet().removeIf(key -> key.matches("(.*\\.defect|monitor|ready-within)"));
    now.values().removeIf(String::isEmpty);
    Baseline baseline =
        new Baselines(Path.of("baselines")).read(simulation, config.profile()).orElseThrow();
    Map<String, String> then = new TreeMap<>(baseline.settings());
    then.keySet().removeIf(key -> key.matches("(injector\\..*|slos)"));
    then.values().removeIf(String::isEmpty);
    assertThat(then).isEqualTo(now);
    assertThat(config.headlines()).allMatch(name -> FigureName.named(name).isPresent());
  }

  private static String clients(Map<String, String> properties, Map<String, String> environment) {
    return config(properties, environment).asTexts().get("clients");
  }

  private static SuiteConfig config(
      Map<String, String> properties, Map<String, String> environment) {
    return new SuiteConfig("sse-battle", properties, environment);
  }
}
