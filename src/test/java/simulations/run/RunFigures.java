package simulations.run;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import kpi.Figure;
import kpi.GeneratorProbe.Stall;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.MachineUse;
import kpi.Phase;
import kpi.ProcessFigures;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Tally;
import kpi.Timeline.Span;

/** The single figures that every simulation has. */
public final class RunFigures {
  private static final double BYTES_PER_MB = 1e6;
  private static final double US_PER_S = 1e6;
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_S = 1e9;

  /** Four standard deviations of one stream's sampled time, with a sample every 100 ms. */
  private static final double CHANCE_S = 0.2;

  private static final String UNREPORTED = "The process does not report what it is made of.";
  private static final String SHORT =
      "Too few samples or collections under steady load; hold longer.";
  private static final String SHARED = "The process works for all generators; this is one of them.";
  private static final String NO_HEAP =
      "Only the heap of a bundled target that the run started once is collected, by the JDK's"
          + " jcmd.";

  /** What a process must report for a figure, each with the part of a sample that it rests on. */
  private static final Map<Kpi, ToDoubleFunction<ProcessSample>> REPORTED =
      new EnumMap<>(
          Map.of(
              Kpi.CPU_CORES, ProcessSample::cpuS,
              Kpi.CPU_US_PER_EVENT, ProcessSample::cpuS,
              Kpi.RSS_MAX, ProcessSample::rssBytes,
              Kpi.RSS_GROWTH, ProcessSample::rssBytes,
              Kpi.MEMORY_SLOPE, ProcessSample::rssBytes,
              Kpi.FD_SLOPE, ProcessSample::openFds,
              Kpi.THREAD_SLOPE, ProcessSample::threads));

  private final Run run;
  private final double fromS;
  private final double toS;
  private final Levels measured;
  private final Levels level;
  private final MachineUse machineTo;
  private final Map<String, Figure> figures = new LinkedHashMap<>();

  RunFigures(Run run, List<Span> level, double measuredToS, MachineUse machineTo) {
    this.run = run;
    List<Sample> samples = run.sampler().samples();
    this.fromS = run.measuredFromS();
    this.toS = Math.max(measuredToS, fromS);
    this.measured = new Levels(samples, List.of(new Span("measured", fromS, toS)));
    this.level = new Levels(samples, level);
    this.machineTo = machineTo;
  }

  double measuredS() {
    return fromS > 0 ? toS - fromS : 0;
  }

  double levelS() {
    return level.lengthS();
  }

  /** Returns every figure by name; one that could not be measured is absent. */
  Map<String, Figure> all() {
    if (measuredS() <= 0) {
      return Map.of();
    }
    figures.putAll(ofStreams(run.recording(Phase.MEASURE), level));
    List<String> processes = processes();
    for (String process : processes) {
      OptionalLong heap = run.processes().heapGrowth(process);
      figures.putAll(ofProcess(process, measured, level, !isShared(process), heap));
    }
    figures.putAll(ofTargets(run.processes().underLoad(), measured, level));
    putGenerator();
    // Only with everything managed: the CPU of a service of the user's own is unknown.
    if (run.processes().isManaged()
        && processes.stream().allMatch(each -> reports(each, Kpi.CPU_CORES))) {
      machineTo.since(run.machineFrom(), measuredS(), cpuS(measured, processes)).forEach(this::put);
    }
    Tally tally = run.recording(Phase.MEASURE).tally();
    double inSystemS = tally.timeInSystemNs(run.nanoClock().getAsLong()) / NS_PER_S;
    double sampledS = run.sampler().streamSeconds(Phase.MEASURE);
    put(Kpi.LITTLES_LAW, unexplainedPct(inSystemS, sampledS, run.userSeconds(), tally.started()));
    return figures;
  }

  private void putGenerator() {
    Stall stall = run.probe().longest();
    double atS = run.timeline().secondsAt(stall.fromNs());
    figures.putAll(ofGenerator(run.pauses.maxMs(), run.pauses.sumMs(), measuredS(), stall, atS));
  }

  static Map<String, Figure> ofGenerator(
      long pauseMaxMs, long pausesMs, double measuredS, Stall stall, double stallAtS) {
    Map<String, Figure> all = new LinkedHashMap<>();
    put(all, "", Kpi.GC_PAUSE_MAX, (double) pauseMaxMs);
    put(all, "", Kpi.GC_SHARE, pausesMs / (measuredS * 1e3) * 100);
    put(all, "", Kpi.GENERATOR_STALL, stall.ns() / NS_PER_MS);
    put(all, "", Kpi.GENERATOR_STALL_AT, stallAtS);
    return all;
  }

  static Map<String, Figure> ofStreams(Recording recording, Levels level) {
    Map<String, Figure> all = new LinkedHashMap<>(recording.success());
    level.perS(Sample::events).ifPresent(perS -> put(all, "", Kpi.MESSAGES_PER_S, perS));
    level.perS(Sample::started).ifPresent(perS -> put(all, "", Kpi.REQUESTS_PER_S, perS));
    return all;
  }

  /** Returns the figures that are known and cheap at any time of the measured phase. */
  Map<String, Figure> atAnyTime() {
    if (measuredS() > 0) {
      putGenerator();
    }
    figures.putAll(run.recording(Phase.MEASURE).success());
    return figures;
  }

  /**
   * Returns the largest difference between the time in the system and what others saw of it, in per
   * cent of the users' time. The samples of streams that are short, or few, err by chance.
   *
   * @param measuredS time that all streams were open, by the recorders
   * @param sampledS the same by samples
   * @param userS time that Gatling's users were there, of whom each has at most one stream
   */
  static double unexplainedPct(double measuredS, double sampledS, double userS, long streams) {
    double beyondChanceS = Math.abs(sampledS - measuredS) - CHANCE_S * Math.sqrt((double) streams);
    double unexplainedS = Math.max(0, Math.max(beyondChanceS, measuredS - userS));
    return userS > 0 ? 100 * unexplainedS / userS : 100;
  }

  /**
   * Returns how far the target's gauge of open streams was from the recorders', in per cent of the
   * mean number of users; empty if it has none.
   */
  OptionalDouble atTargetPct(Load.Gauge gauge) {
    OptionalDouble more = run.sampler().openMore(gauge.process(), fromS, toS);
    double users = run.userSeconds() / measuredS();
    return more.isEmpty() || !(users > 0)
        ? OptionalDouble.empty()
        : OptionalDouble.of(100 * strange(more.getAsDouble(), gauge.beside()) / users);
  }

  /** Returns the open streams that one side knows and the other does not. */
  static double strange(double more, int beside) {
    return more < 0 ? -more : Math.max(0, more - beside);
  }

  /**
   * Returns the figures of a process.
   *
   * @param own whether it works for this generator alone
   * @param heapGrowth bytes of its heap that the run left behind
   */
  static Map<String, Figure> ofProcess(
      String process, Levels measured, Levels level, boolean own, OptionalLong heapGrowth) {
    Map<String, Figure> all = new LinkedHashMap<>();
    if (reports(level.samples(), process, Kpi.CPU_CORES)) {
      all.putAll(ofCpu(process, Set.of(process), measured, level));
      double events = level.increase(Sample::events);
      if (events > 0 && own) {
        put(all, process + ".", Kpi.CPU_US_PER_EVENT, level.cpuS(process) * US_PER_S / events);
      }
    }
    double rssBytes = most(level.samples(), process, ProcessSample::rssBytes);
    if (rssBytes > ProcessFigures.UNKNOWN) {
      put(all, process + ".", Kpi.RSS_MAX, rssBytes / BYTES_PER_MB);
    }
    new Growth(process, measured.stretches().get(0), level.stretches())
        .figures()
        .forEach((kpi, figure) -> all.put(kpi.of(process), figure));
    heapGrowth.ifPresent(
        bytes -> put(all, process + ".", Kpi.LIVE_HEAP_GROWTH, bytes / BYTES_PER_MB));
    return all;
  }

  /** Returns the CPU figures of all targets together; none unless each of them reports it. */
  static Map<String, Figure> ofTargets(Set<String> targets, Levels measured, Levels level) {
    return targets.isEmpty() || !silent(targets, level).isEmpty()
        ? Map.of()
        : ofCpu(KpiReport.ALL_TARGETS, targets, measured, level);
  }

  private static List<String> silent(Set<String> targets, Levels level) {
    return targets.stream().filter(each -> !reports(level.samples(), each, Kpi.CPU_CORES)).toList();
  }

  /**
   * Returns why a process has no figure that it could have, by the figure's name. Servers have no
   * heap of a JVM, and the injector's is not compared.
   */
  Map<String, String> absent(Set<String> measured) {
    Map<String, String> absent = new LinkedHashMap<>();
    Set<String> processes = new LinkedHashSet<>(Set.of(Run.INJECTOR));
    processes.addAll(run.processes().underLoad());
    String silent = String.join(", ", silent(run.processes().underLoad(), level));
    if (!silent.isEmpty()) {
      absent.put(Kpi.CPU_CORES.of(KpiReport.ALL_TARGETS), "It is not reported by: " + silent + ".");
    }
    for (String process : processes) {
      boolean hasHeap = !run.processes().isServer(process) && !process.equals(Run.INJECTOR);
      REPORTED.keySet().stream()
          .filter(kpi -> !measured.contains(kpi.of(process)))
          .forEach(kpi -> absent.put(kpi.of(process), reports(process, kpi) ? SHORT : UNREPORTED));
      if (isShared(process)) {
        absent.put(Kpi.CPU_US_PER_EVENT.of(process), SHARED);
      }
      if (hasHeap && !measured.contains(Kpi.LIVE_HEAP_GROWTH.of(process))) {
        absent.put(Kpi.LIVE_HEAP_GROWTH.of(process), NO_HEAP);
      }
    }
    return absent;
  }

  /** Returns true for a process that works for other generators too. */
  private boolean isShared(String process) {
    return run.common.shard().isPart() && !process.equals(Run.INJECTOR);
  }

  private boolean reports(String process, Kpi kpi) {
    return reports(level.samples(), process, kpi);
  }

  /** Returns true if a process ever reported what a figure of it rests on. */
  static boolean reports(List<Sample> samples, String process, Kpi kpi) {
    return most(samples, process, REPORTED.get(kpi)) > ProcessFigures.UNKNOWN;
  }

  private void put(Kpi kpi, double value) {
    figures.put(kpi.word(), Figure.of(kpi, value));
  }

  private static void put(Map<String, Figure> into, String prefix, Kpi kpi, double value) {
    into.put(prefix + kpi.word(), Figure.of(kpi, value));
  }

  /** Processes that answered at least once. */
  private List<String> processes() {
    return level.samples().stream()
        .flatMap(sample -> sample.processes().entrySet().stream())
        .filter(entry -> entry.getValue() != null)
        .map(Map.Entry::getKey)
        .distinct()
        .toList();
  }

  private static Map<String, Figure> ofCpu(
      String name, Collection<String> processes, Levels measured, Levels level) {
    Map<String, Figure> all = new LinkedHashMap<>();
    put(all, name + ".", Kpi.CPU_S, cpuS(measured, processes));
    if (level.lengthS() > 0) {
      put(all, name + ".", Kpi.CPU_CORES, cpuS(level, processes) / level.lengthS());
    }
    return all;
  }

  private static double cpuS(Levels stretches, Collection<String> processes) {
    return processes.stream().mapToDouble(stretches::cpuS).sum();
  }

  /** Returns the largest of all samples; unknown if none has it. */
  private static double most(
      List<Sample> samples, String process, ToDoubleFunction<ProcessSample> figure) {
    return samples.stream()
        .map(sample -> sample.processes().get(process))
        .filter(Objects::nonNull)
        .mapToDouble(figure)
        .max()
        .orElse(ProcessFigures.UNKNOWN);
  }
}
