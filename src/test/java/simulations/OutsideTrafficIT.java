package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * A run sends nothing beyond its targets: counted packet by packet, in a network namespace whose
 * only way out is a virtual cable. Needs Linux, root, unshare and ip.
 */
class OutsideTrafficIT {
  private static final String SIMULATION = "simulations.SseBattleSimulation";
  private static final String SCRIPT = "src/test/resources/testing/counted-network.sh";

  @TempDir private Path folder;

  @Test
  void a_run_sends_no_packet_outside() throws Exception {
    assumeThat(namespacesWork()).as("network namespaces can be made here").isTrue();
    Path count = folder.resolve("packets");
    Ended run =
        SimulationRun.smoke(SIMULATION)
            .with("hold", "0s")
            .wrappedBy("unshare", "-n", SCRIPT, count.toString())
            .run();
    assertThat(run.output()).contains("report.html");
    assertThat(Files.readString(count).strip()).as("packets sent outside").isEqualTo("0");
  }

  @Test
  void the_counter_sees_a_packet_that_is_sent() throws Exception {
    assumeThat(namespacesWork()).as("network namespaces can be made here").isTrue();
    Path count = folder.resolve("packets");
    int exit =
        new ProcessBuilder(
                "unshare",
                "-n",
                SCRIPT,
                count.toString(),
                "sh",
                "-c",
                "timeout 1 bash -c 'echo x >/dev/udp/192.0.2.9/9' || true; sleep 0.2")
            .start()
            .waitFor();
    assertThat(exit).isZero();
    assertThat(Integer.parseInt(Files.readString(count).strip())).isPositive();
  }

  private boolean namespacesWork() throws InterruptedException {
    try {
      Path count = folder.resolve("probe");
      Process probe =
          new ProcessBuilder("unshare", "-n", SCRIPT, count.toString(), "true")
              .redirectErrorStream(true)
              .start();
      probe.getInputStream().readAllBytes();
      return probe.waitFor() == 0;
    } catch (IOException e) {
      return false; // No unshare here.
    }
  }
}
