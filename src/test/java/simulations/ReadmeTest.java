package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README tells of every option that there is. */
class ReadmeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sse-battle",
        "token-relay",
        "ping-pong",
        "contended-bids",
        "breaking-point",
        "fan-out",
        "mixed-workload"
      })
  void every_option_of_a_simulation_is_in_the_readme(String section) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Config defaults =
        ConfigFactory.parseResources("gauntlet.conf").getConfig(section + ".defaults");
    assertThat(defaults.entrySet())
        .allSatisfy(entry -> assertThat(readme).contains("`" + entry.getKey() + "`"));
  }

  @Test
  void every_option_that_all_simulations_have_is_in_the_readme() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Config options = ConfigFactory.parseResources("gauntlet.conf").getConfig("run");
    assertThat(options.entrySet())
        .allSatisfy(entry -> assertThat(readme).contains("`" + entry.getKey() + "`"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sse-battle",
        "token-relay",
        "ping-pong",
        "contended-bids",
        "breaking-point",
        "fan-out",
        "mixed-workload"
      })
  void every_profile_is_in_the_readme(String section) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Config profiles =
        ConfigFactory.parseResources("gauntlet.conf").getConfig(section + ".profiles");
    assertThat(profiles.root().keySet())
        .allSatisfy(profile -> assertThat(readme).contains("`" + profile + "`"));
  }
}
