package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents describe every option and every profile that there is. */
class DocumentsTest {
  private static final Config ALL = ConfigFactory.parseResources("gauntlet.conf");

  @ParameterizedTest
  @CsvSource({
    "sse-battle, SseBattleSimulation",
    "token-relay, TokenRelaySimulation",
    "ping-pong, PingPongSimulation",
    "contended-bids, ContendedBidsSimulation",
    "breaking-point, BreakingPointSimulation",
    "fan-out, FanOutSimulation",
    "mixed-workload, MixedWorkloadSimulation",
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

  @Test
  void the_page_of_baselines_has_the_options_of_all_simulations() throws IOException {
    String text = Files.readString(Path.of("docs", "BASELINES.md"));
    assertThat(ALL.getConfig("run").entrySet())
        .allSatisfy(option -> assertThat(text).contains("`" + option.getKey() + "`"));
  }
}
