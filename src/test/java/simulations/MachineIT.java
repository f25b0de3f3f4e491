package simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import testing.Programs;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/**
 * Runs in a checkout whose path has spaces and quotes, by a user who is not root and has no home.
 * No double quotes: initdb of PostgreSQL cannot start a program in such a folder.
 */
class MachineIT {
  private static final int USER = 65534;

  @TempDir Path temporary;
  private Path checkout;
  private final List<String> asUser = new ArrayList<>(List.of("/usr/bin/env", "-u", "HOME"));

  @BeforeEach
  void become_another_user_if_this_one_is_root() throws Exception {
    checkout = Files.createDirectory(temporary.resolve("a path with 'spaces'"));
    if (!Files.getAttribute(checkout, "unix:uid").equals(0)) {
      return;
    }
    asUser.add(0, Programs.required("setpriv"));
    asUser.addAll(1, List.of("--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
    for (Path folder : List.of(temporary, checkout)) {
      Files.setAttribute(folder, "unix:uid", USER);
    }
    List<String> java = new ArrayList<>(asUser);
    java.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java") + "", "-version"));
    int code = new ProcessBuilder(java).start().waitFor();
    assumeTrue(code == 0, "skipped: user " + USER + " has no access to this JDK");
  }

  @Test
  void a_path_with_spaces_and_a_user_without_a_home_are_no_obstacle() throws Exception {
    Ended run = run("ContendedBids").run();
    run.assertKept("bids_linearizable", "targets_alive");
    assertThat(run.checks("FAIL")).as(run.output()).isEmpty();
    assertThat(run.folder()).startsWith(checkout);
    assertThat(Files.getAttribute(run.folder(), "unix:uid")).isNotEqualTo(0);
  }

  @Test
  void a_run_folder_that_cannot_be_made_is_an_error_that_names_it() throws Exception {
    SimulationRun run = run("SseBattle").with("output-dir", "/proc/runs");
    run.run()
        .assertRefused(
            "-Doutput-dir: cannot write the run folder (", "/proc/runs); name one that you may");
  }

  private SimulationRun run(String simulation) throws Exception {
    return SimulationRun.smoke(simulation)
        .wrappedBy(asUser.toArray(String[]::new))
        .copiedTo(checkout);
  }
}
