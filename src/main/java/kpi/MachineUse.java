package kpi;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the machine gave to this process, to those that it started, and to others, up to a moment.
 *
 * @param cpu empty where the system does not report it
 * @param waits by thread; empty where the kernel does not count them
 */
public record MachineUse(Optional<CpuTime> cpu, Map<String, Wait> waits) {
  /** Stands for a moment that did not come. */
  public static final MachineUse UNKNOWN = new MachineUse(Optional.empty(), Map.of());

  private static final double NS_PER_MS = 1e6;

  /**
   * The waits of a thread that was ready to run and got no processor.
   *
   * @param ns their sum since the thread started
   * @param times that it got one
   */
  record Wait(long ns, long times) {
    /** Reads a {@code schedstat} line: time run, time waited, number of times run. */
    static Optional<Wait> of(String schedstat) {
      String[] words = schedstat.strip().split(" ", -1);
      return words.length < 3
          ? Optional.empty()
          : Optional.of(new Wait(Long.parseLong(words[1]), Long.parseLong(words[2])));
    }
  }

  /** Reads every thread: takes some milliseconds. */
  public static MachineUse now() {
    Map<String, Wait> waits = new HashMap<>();
    ProcessFigures.tree(ProcessHandle.current().pid())
        .map(process -> process.pid() + "/task/")
        .forEach(
            tasks -> {
              String[] threads = Path.of("/proc", tasks).toFile().list();
              for (String thread : threads == null ? new String[0] : threads) {
                Proc.text(tasks + thread + "/schedstat")
                    .flatMap(Wait::of)
                    .ifPresent(wait -> waits.put(thread, wait));
              }
            });
    return new MachineUse(CpuTime.now(), waits);
  }

  /**
   * Returns the figures of the time since an earlier moment; those that are not known are absent.
   * While a thread waits some other thread runs: the waits are shared out between the run's own
   * programs and others by the CPU that each took.
   *
   * @param ownS CPU seconds that our own processes took in between
   */
  public Map<Kpi, Double> since(MachineUse before, double elapsedS, double ownS) {
    Map<Kpi, Double> figures = new EnumMap<>(Kpi.class);
    if (cpu.isPresent() && before.cpu.isPresent()) {
      double usedPct = cpu.get().othersPct(before.cpu.get(), elapsedS, 0);
      double othersPct = cpu.get().othersPct(before.cpu.get(), elapsedS, ownS);
      figures.put(Kpi.FOREIGN_CPU, othersPct);
      figures.put(Kpi.STOLEN_CPU, cpu.get().stolenPct(before.cpu.get(), elapsedS));
      if (!waits.isEmpty() && usedPct > 0) {
        figures.put(Kpi.FOREIGN_WAIT, meanWaitMs(before) * othersPct / usedPct);
      }
    }
    return figures;
  }

  /** Threads that ended in between are left out. */
  private double meanWaitMs(MachineUse before) {
    Wait none = new Wait(0, 0);
    long ns = 0;
    long times = 0;
    for (Map.Entry<String, Wait> thread : waits.entrySet()) {
      Wait then = before.waits.getOrDefault(thread.getKey(), none);
      ns += thread.getValue().ns - then.ns;
      times += thread.getValue().times - then.times;
    }
    return times <= 0 ? 0 : ns / NS_PER_MS / times;
  }
}
