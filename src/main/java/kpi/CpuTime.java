package kpi;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Time of the processors that this process may use, from Linux's {@code /proc/stat}, in ticks of a
 * hundredth of a second. In a container these are the processors allotted to it, by a set or by a
 * quota, and not the host's. The kernel measures idle time exactly where it often only samples time
 * at work, so the CPU that was used is computed from the idle time.
 *
 * @param idleS seconds idle or waiting for a disk, over all processors; from any start
 * @param stolenS seconds that a hypervisor gave to other machines
 * @param cpus processors, or the quota in processors
 */
public record CpuTime(double idleS, double stolenS, double cpus) {
  private static final double TICKS_PER_S = 100;
  private static final double US_PER_S = 1e6;
  private static final double NS_PER_S = 1e9;
  private static final int IDLE = 4;
  private static final int WAITING = 5;
  private static final int STOLEN = 8;

  /** Reads the time now; empty where the system does not report it. */
  public static Optional<CpuTime> now() {
    Optional<CpuTime> time =
        Proc.text("self/status")
            .flatMap(status -> Proc.field(status, "Cpus_allowed_list"))
            .flatMap(set -> Proc.text("stat").flatMap(stat -> of(stat, set)));
    Optional<Quota> quota =
        Proc.text("self/cgroup").flatMap(own -> Quota.of(Path.of("/sys/fs/cgroup"), own));
    Optional<Double> upS = Proc.text("uptime").map(up -> Double.parseDouble(up.split(" ", 2)[0]));
    return quota.isEmpty() || upS.isEmpty()
        ? time
        : time.map(all -> quota.get().of(all, upS.get()));
  }

  /**
   * Reads the time of some processors.
   *
   * @param set of processors as the kernel writes it, such as {@code 0-3,8}
   */
  static Optional<CpuTime> of(String stat, String set) {
    List<String[]> cpus =
        stat.lines()
            .filter(line -> line.matches("cpu\\d.*"))
            .map(line -> line.split("\\s+", -1))
            .filter(words -> words.length > STOLEN && isIn(words[0].substring(3), set))
            .toList();
    double idle = cpus.stream().mapToDouble(cpu -> ticks(cpu, IDLE) + ticks(cpu, WAITING)).sum();
    double stolen = cpus.stream().mapToDouble(cpu -> ticks(cpu, STOLEN)).sum();
    return cpus.isEmpty()
        ? Optional.empty()
        : Optional.of(new CpuTime(idle / TICKS_PER_S, stolen / TICKS_PER_S, cpus.size()));
  }

  private static double ticks(String[] cpu, int field) {
    return Double.parseDouble(cpu[field]);
  }

  private static boolean isIn(String cpu, String set) {
    int number = Integer.parseInt(cpu);
    return Arrays.stream(set.split(",", -1))
        .map(range -> range.split("-", -1))
        .anyMatch(
            ends ->
                Integer.parseInt(ends[0]) <= number
                    && number <= Integer.parseInt(ends[ends.length - 1]));
  }

  /** Returns the share that a hypervisor gave to other machines since then, in per cent. */
  public double stolenPct(CpuTime before, double elapsedS) {
    return elapsedS <= 0 ? 0 : 100 * (stolenS - before.stolenS) / (cpus * elapsedS);
  }

  /**
   * Returns the share that other programs took since then, in per cent; never below 0.
   *
   * @param before an earlier reading
   * @param elapsedS seconds since then
   * @param ownS CPU seconds that our own processes took in between
   */
  public double othersPct(CpuTime before, double elapsedS, double ownS) {
    double all = cpus * elapsedS;
    return all <= 0 ? 0 : Math.max(0, 100 * (all - (idleS - before.idleS) - ownS) / all);
  }

  /**
   * The CPU quota of a control group.
   *
   * @param usedS CPU seconds that all its processes took
   */
  record Quota(double cpus, double usedS) {
    /**
     * Reads the quota of this process's group, or of the nearest one around it; empty without one.
     * In a container the path may be the host's; the container's own group is then the root.
     *
     * @param root where control groups are mounted
     * @param own text of {@code /proc/self/cgroup}
     */
    static Optional<Quota> of(Path root, String own) {
      for (String line : own.lines().toList()) {
        String[] words = line.split(":", 3);
        boolean unified = words[1].isEmpty();
        Path top = unified ? root : root.resolve("cpu");
        Path group = top.resolve(words[2].substring(1));
        while ((unified || words[1].matches("(.*,)?cpu(,.*)?")) && group.startsWith(top)) {
          Path used = root.resolve("cpuacct").resolve(top.relativize(group));
          Optional<Quota> found = unified ? ofVersion2(group) : ofVersion1(group, used);
          if (found.isPresent()) {
            return found;
          }
          group = group.getParent();
        }
      }
      return Optional.empty();
    }

    private static Optional<Quota> ofVersion2(Path group) {
      return of(
          text(group, "cpu.max"),
          Proc.number(text(group, "cpu.stat"), "usage_usec").map(us -> us / US_PER_S));
    }

    private static Optional<Quota> ofVersion1(Path group, Path used) {
      return of(
          text(group, "cpu.cfs_quota_us") + " " + text(group, "cpu.cfs_period_us"),
          Proc.number("ns: " + text(used, "cpuacct.usage"), "ns").map(ns -> ns / NS_PER_S));
    }

    /** Without a limit the kernel writes {@code max} or -1 for the time in a period. */
    private static Optional<Quota> of(String limit, Optional<Double> usedS) {
      String[] words = limit.split(" ", -1);
      return words.length == 2 && words[0].matches("\\d+")
          ? usedS.map(
              s -> new Quota(Double.parseDouble(words[0]) / Double.parseDouble(words[1]), s))
          : Optional.empty();
    }

    private static String text(Path group, String file) {
      return Proc.text(group.resolve(file).toString()).orElse("").strip();
    }

    /** Returns the idle time of the quota: that of the machine is not the group's. */
    CpuTime of(CpuTime machine, double nowS) {
      return new CpuTime(cpus * nowS - usedS, machine.stolenS * cpus / machine.cpus, cpus);
    }
  }
}
