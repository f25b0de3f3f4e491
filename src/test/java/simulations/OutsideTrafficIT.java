package simulations;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * A run sends nothing beyond its targets: counted packet by packet, in a network namespace whose
 * only way out is a virtual cable. Needs Linux, root, unshare and ip.
 */
class OutsideTrafficIT {
  private static final String SCRIPT = "src/test/resources/testing/counted-network.sh";

  @TempDir private Path folder;

  @Test
  void a_run_sends_no_packet_outside() throws Exception {
    assumeThat(namespacesWork()).as("network namespaces can be made here").isTrue();
    Path count = folder.resolve("packets");
    Ended run =
        SimulationRun.smoke("SseBattle")
            .with("hold", "0s")
            .wrappedBy("unshare", "-n", SCRIPT, count.toString())
            .run();
    assertThat(run.output()).contains("report.html");
    assertThat(Files.readString(count).strip()).as("packets sent outside").isEqualTo("0");
  }

  @Test
  void the_counter_sees_a_packet_that_is_sent() throws Exception {
    assumeThat(namespacesWork()).as("network namespaces can be made here").isTrue();
    assertThat(exitOf("sh", "-c", "timeout 1 bash -c 'echo x >/dev/udp/192.0.2.9/9'; sleep 0.2"))
        .isZero();
    assertThat(Integer.parseInt(Files.readString(folder.resolve("packets")).strip())).isPositive();
  }

  private boolean namespacesWork() throws InterruptedException {
    try {
      return exitOf("true") == 0;
    } catch (IOException e) {
      return false; // No unshare here.
    }
  }

  private int exitOf(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("unshare", "-n", SCRIPT));
    all.add(folder.resolve("packets").toString());
    all.addAll(List.of(command));
    return new ProcessBuilder(all).redirectOutput(DISCARD).redirectError(DISCARD).start().waitFor();
  }
}
