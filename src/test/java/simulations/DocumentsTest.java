package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents, workflows and containers name every option and profile, and only what there is. */
class DocumentsTest {
  private static final Config ALL = ConfigFactory.parseResources("gauntlet.conf").resolve();

  @ParameterizedTest
  @CsvSource({
    "sse-battle, SseBattleSimulation",
    "token-relay, TokenRelaySimulation",
    "ping-pong, PingPongSimulation",
    "contended-bids, ContendedBidsSimulation",
    "breaking-point, BreakingPointSimulation",
    "fan-out, FanOutSimulation",
    "mixed-workload, MixedWorkloadSimulation",
    "resilience, ResilienceSimulation",
    "throughput, ThroughputSimulation",
    "backpressure, BackpressureSimulation",
    "memory-stability, MemoryStabilitySimulation",
    "watcher-scale, WatcherScaleSimulation",
    "shutdown, ShutdownSimulation",
  })
  void the_page_of_a_simulation_has_its_options_and_profiles(String section, String page)
      throws IOException {
    String text = Files.readString(Path.of("docs", "simulations", page + ".md"));
    assertThat(ALL.getConfig(section + ".defaults").entrySet())
        .allSatisfy(option -> assertThat(text).contains("`" + option.getKey() + "`"));
    assertThat(ALL.getConfig(section + ".profiles").root().keySet())
        .allSatisfy(profile -> assertThat(text).contains("`" + profile + "`"));
    for (String index : new String[] {"README.md", "docs/simulations/README.md"}) {
      assertThat(Files.readString(Path.of(index))).contains(page + ".md");
    }
  }

  /** Nothing of a workflow runs before it is pushed, so its commands are held against the tree. */
  @Test
  void workflows_run_what_there_is() throws IOException {
    Path workflows = Path.of(".github", "workflows");
    String all = "";
    for (String name : List.of("check.yml", "gallery.yml", "load.yml")) {
      all += Files.readString(workflows.resolve(name));
    }
    assertThat(all).doesNotContain("\t").contains("- run: .ci/run", "verify -Pdefects");
    assertThat(Path.of(".ci", "run")).isExecutable();
    assertThat(words("-P(\\w+)", all)).isSubsetOf(words("<id>(\\w+)</id>", text("pom.xml")));
    Set<String> options = new HashSet<>(ALL.getConfig("run").root().keySet());
    options.addAll(List.of("gatling.simulationClass", "profile"));
    options.addAll(List.of("test", "it.test", "surefire.failIfNoSpecifiedTests")); // Maven's own.
    assertThat(words("-D([\\w.-]+)", all)).isSubsetOf(options).contains("fail-on-regression");
    // The form's default profile has to be one of every simulation.
    assertThat(words("(?s) profile:\n.*?default: (.*?)\n", all)).containsExactly("\"\"");
    assertThat(words("- (\\w+Simulation)\n", all))
        .hasSameElementsAs(words("\\[(\\w+Simulation)]", text("docs/simulations/README.md")));
  }

  /** A variable that no simulation reads would be left out in silence. */
  @Test
  void the_load_of_the_containers_has_variables_that_simulations_read() throws IOException {
    Set<String> known = new HashSet<>();
    for (String section : ALL.root().keySet()) {
      if (ALL.hasPath(section + ".defaults")) {
        ALL.getConfig(section + ".defaults")
            .withFallback(ALL.getConfig("run"))
            .entrySet()
            .forEach(
                option -> {
                  known.add(variable(option.getKey()));
                  known.add(variable(section + "." + option.getKey()));
                });
      }
    }
    assertThat(words("(?m)^ +(GAUNTLET_\\w+):", text("docker-compose.yml")))
        .contains("GAUNTLET_PROXY_URL", "GAUNTLET_PING_PONG_WS_URL")
        .isSubsetOf(known);
  }

  private static String variable(String key) {
    return "GAUNTLET_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  /** Returns what a group of an expression finds. */
  private static Set<String> words(String expression, String text) {
    return Pattern.compile(expression)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void the_page_of_baselines_has_the_options_of_all_simulations() throws IOException {
    String text = Files.readString(Path.of("docs", "BASELINES.md"));
    assertThat(ALL.getConfig("run").entrySet())
        .allSatisfy(option -> assertThat(text).contains("`" + option.getKey() + "`"));
  }
}
