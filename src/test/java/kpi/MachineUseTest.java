package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import kpi.CpuTime.Quota;
import kpi.MachineUse.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The processors that a run may use, and who uses them. */
class MachineUseTest {
  @ParameterizedTest
  @CsvSource({"0-1, 40.5, 3, 2", "1, 20.2, 1, 1", "'0,2-7', 20.3, 2, 1"})
  void idle_and_stolen_time_are_summed_over_the_processors_that_may_be_used(
      String set, double idleS, double stolenS, double cpus) {
    String stat =
        """
        cpu  1 2 3 4000 50 6 7 300
        cpu0 1 1 2 2000 30 3 3 200
        cpu1 0 1 1 2000 20 3 4 100
        intr 3
        """;
    assertThat(CpuTime.of(stat, set)).contains(new CpuTime(idleS, stolenS, cpus));
    assertThat(CpuTime.of(stat, "8")).isEmpty();
    assertThat(CpuTime.of("cpu0 1 2 3 4 5 6\n", set)).as("an old kernel").isEmpty();
    assertThat(CpuTime.of("", set)).isEmpty();
  }

  @Test
  void the_rest_is_the_share_of_other_programs() {
    CpuTime before = new CpuTime(100, 1, 2);
    CpuTime after = new CpuTime(112, 3, 2);
    assertThat(after.othersPct(before, 10, 3)).isEqualTo(25);
    assertThat(after.othersPct(before, 10, 9)).isZero();
    assertThat(after.stolenPct(before, 10)).isEqualTo(10);
    assertThat(before.othersPct(before, 0, 0)).isZero();
  }

  /** The group's path in a container may be the host's, which is not mounted there. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/a/b", "/docker/0123"})
  void a_quota_counts_instead_of_the_hosts_processors(String group, @TempDir Path root)
      throws IOException {
    Path inner = Files.createDirectories(root.resolve("a/b"));
    String own = "7:memory:/x\n0::" + group + "\n";
    Files.writeString(inner.resolve("cpu.max"), "max 100000\n");
    Files.writeString(inner.resolve("cpu.stat"), "usage_usec 1\n");
    Files.writeString(root.resolve("cpu.stat"), "usage_usec 4500000\nuser_usec 1\n");
    assertThat(Quota.of(root, own)).isEmpty();

    Files.writeString(root.resolve("cpu.max"), "150000 100000\n");
    Quota quota = Quota.of(root, own).orElseThrow();
    assertThat(quota).isEqualTo(new Quota(1.5, 4.5));
    assertThat(quota.of(new CpuTime(900, 80, 64), 10)).isEqualTo(new CpuTime(10.5, 1.875, 1.5));
  }

  @Test
  void a_quota_of_the_first_version_of_control_groups_is_read_too(@TempDir Path root)
      throws IOException {
    Path cpu = Files.createDirectories(root.resolve("cpu/pod"));
    Path used = Files.createDirectories(root.resolve("cpuacct/pod"));
    String own = "4:memory:/other\n3:cpu,cpuacct:/pod/container\n";
    Files.writeString(cpu.resolve("cpu.cfs_period_us"), "100000\n");
    Files.writeString(used.resolve("cpuacct.usage"), "2000000000\n");
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "-1\n");
    assertThat(Quota.of(root, own)).isEmpty();
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "50000\n");
    assertThat(Quota.of(root, own)).contains(new Quota(0.5, 2));
  }

  @Test
  void waits_are_shared_out_by_the_cpu_that_each_side_took() {
    MachineUse before = use(100, 0, Map.of("1", new Wait(5_000_000, 10)));
    MachineUse after =
        use(106, 2, Map.of("1", new Wait(9_000_000, 14), "2", new Wait(4_000_000, 4)));
    // Of 20 processor seconds 14 were used, 7 of them by the run; 8 waits took 1 ms each.
    assertThat(after.since(before, 10, 7))
        .isEqualTo(Map.of(Kpi.FOREIGN_CPU, 35.0, Kpi.STOLEN_CPU, 10.0, Kpi.FOREIGN_WAIT, 0.5));
    assertThat(after.since(before, 10, 14)).containsEntry(Kpi.FOREIGN_WAIT, 0.0);
    assertThat(use(106, 2, Map.of()).since(before, 10, 7)).doesNotContainKey(Kpi.FOREIGN_WAIT);
    assertThat(after.since(MachineUse.UNKNOWN, 10, 7)).isEmpty();
    assertThat(Wait.of("")).isEmpty();
    assertThat(Wait.of("7 8 9\n")).contains(new Wait(8, 9));
  }

  private static MachineUse use(double idleS, double stolenS, Map<String, Wait> waits) {
    return new MachineUse(Optional.of(new CpuTime(idleS, stolenS, 2)), waits);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void this_machine_has_processors_and_this_process_threads() {
    MachineUse now = MachineUse.now();
    assertThat(now.cpu().orElseThrow().cpus()).isPositive();
    assertThat(now.waits()).isNotEmpty();
  }
}
