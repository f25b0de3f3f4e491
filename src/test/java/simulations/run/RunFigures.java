package simulations.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import kpi.CpuTime;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Tally;

/** The single figures that every simulation has. */
public final class RunFigures {
  private static final double BYTES_PER_MB = 1e6;
  private static final double US_PER_S = 1e6;

  private final Run run;
  private final Tally tally;
  private final List<Sample> samples;
  private final double fromS;
  private final double toS;
  private final Optional<CpuTime> machineTo;

  RunFigures(Run run, double measuredToS, Optional<CpuTime> machineTo) {
    this.run = run;
    this.tally = run.tally(Phase.MEASURE);
    this.samples = run.sampler().samples();
    this.fromS = run.measuredFromS();
    this.toS = Math.max(measuredToS, fromS);
    this.machineTo = machineTo;
  }

  /** Returns the length of the measured phase in seconds. */
  double measuredS() {
    return fromS > 0 ? toS - fromS : 0;
  }

  /** Returns every figure by name; one that could not be measured is absent. */
  Map<String, Figure> all() {
    Map<String, Figure> figures = new LinkedHashMap<>();
    if (measuredS() <= 0) {
      return figures;
    }
    put(figures, Kpi.SUCCESS_RATE, percent(tally.ended(Outcome.OK), tally.ended()));
    put(figures, Kpi.MESSAGES_PER_S, tally.events() / measuredS());
    put(figures, Kpi.REQUESTS_PER_S, tally.started() / measuredS());
    List<String> processes = processes();
    double targetCores = 0;
    for (String process : processes) {
      Map<Kpi, Figure> own = new LinkedHashMap<>();
      double cpuS = cpuS(process);
      own.put(Kpi.CPU_CORES, Figure.of(Kpi.CPU_CORES, cpuS / measuredS()));
      double perEvent = cpuS * US_PER_S / Math.max(1, tally.events());
      own.put(Kpi.CPU_US_PER_EVENT, Figure.of(Kpi.CPU_US_PER_EVENT, perEvent));
      own.put(Kpi.RSS_MAX, Figure.of(Kpi.RSS_MAX, rssMax(process) / BYTES_PER_MB));
      own.putAll(new Growth(process, measured()).figures());
      own.forEach((kpi, figure) -> figures.put(kpi.of(process), figure));
      targetCores += process.equals(Run.INJECTOR) ? 0 : cpuS / measuredS();
    }
    if (processes.size() > 1) {
      figures.put(Kpi.CPU_CORES.of("targets"), Figure.of(Kpi.CPU_CORES, targetCores));
    }
    put(figures, Kpi.GC_PAUSE_MAX, (double) run.pauses.maxMs());
    put(figures, Kpi.GC_SHARE, run.pauses.sumMs() / (measuredS() * 1e3) * 100);
    foreignCpu().ifPresent(value -> put(figures, Kpi.FOREIGN_CPU, value));
    double sampled = run.sampler().streamSeconds(Phase.MEASURE);
    double measured = tally.timeInSystemNs(run.nanoClock().getAsLong()) / 1e9;
    put(figures, Kpi.LITTLES_LAW, sampled > 0 ? 100 * Math.abs(sampled - measured) / sampled : 100);
    return figures;
  }

  /** Only with everything managed: the CPU of a service of the user's own is unknown. */
  private OptionalDouble foreignCpu() {
    if (!run.processes().isManaged() || run.machineFrom().isEmpty() || machineTo.isEmpty()) {
      return OptionalDouble.empty();
    }
    double own = processes().stream().mapToDouble(this::cpuS).sum();
    return OptionalDouble.of(machineTo.get().othersPct(run.machineFrom().get(), measuredS(), own));
  }

  static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }

  private static void put(Map<String, Figure> figures, Kpi kpi, double value) {
    figures.put(kpi.word(), Figure.of(kpi, value));
  }

  private List<Sample> measured() {
    return samples.stream().filter(sample -> sample.t() >= fromS && sample.t() <= toS).toList();
  }

  /** Processes that answered at least once. */
  private List<String> processes() {
    return samples.stream()
        .flatMap(sample -> sample.processes().entrySet().stream())
        .filter(entry -> entry.getValue() != null)
        .map(Map.Entry::getKey)
        .distinct()
        .toList();
  }

  private double cpuS(String process) {
    return cpuAt(samples, process, toS) - cpuAt(samples, process, fromS);
  }

  /** Returns the CPU seconds of a process at a moment, linear between two samples. */
  public static double cpuAt(List<Sample> samples, String process, double momentS) {
    double beforeS = 0;
    double before = 0;
    for (Sample sample : samples) {
      ProcessSample figures = sample.processes().get(process);
      if (figures == null) {
        continue;
      }
      if (sample.t() >= momentS) {
        double share = sample.t() > beforeS ? (momentS - beforeS) / (sample.t() - beforeS) : 1;
        return before + share * (figures.cpuS() - before);
      }
      beforeS = sample.t();
      before = figures.cpuS();
    }
    return before;
  }

  private double rssMax(String process) {
    return samples.stream()
        .map(sample -> sample.processes().get(process))
        .filter(Objects::nonNull)
        .mapToLong(ProcessSample::rssBytes)
        .max()
        .orElse(0);
  }
}
