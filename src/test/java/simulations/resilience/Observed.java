package simulations.resilience;

import faults.FaultPlan.Strike;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;
import kpi.Distribution;
import kpi.Kpi;
import kpi.Phase;
import kpi.Recorders;
import simulations.resilience.FaultLog.Part;
import simulations.resilience.FaultLog.Window;
import simulations.resilience.FaultedSystem.Service;

/**
 * The latencies of the measured phase as they are recorded, by the phase of the run in which each
 * lay: a latency that ends now began by itself earlier. Thread-safe.
 */
final class Observed implements ObjLongConsumer<Kpi> {
  /** Pulses that begin closer to each other are one: so many are kept in 15 minutes, at most. */
  private static final long PULSE_NS = 1_000_000;

  private static final int PULSES_MAX = 1_000_000;

  private final Service service;
  private final FaultLog log;
  private final LongSupplier nanoClock;
  private final Runnable begin;
  private final Map<Part, Recorders> values = new EnumMap<>(Part.class);
  private final Map<Part, Distribution> compared = new EnumMap<>(Part.class);
  private final Map<Strike, LongAccumulator> slowest = new ConcurrentHashMap<>();
  private final List<Pulse> pulses = new ArrayList<>();
  private volatile long fromNs = Long.MAX_VALUE;

  /** Evidence that all parts worked together from one moment to another. */
  record Pulse(long fromNs, long toNs) {}

  /**
   * @param begin called at each arrival of a user
   */
  Observed(Service service, FaultLog log, LongSupplier nanoClock, Runnable begin) {
    this.service = service;
    this.log = log;
    this.nanoClock = nanoClock;
    this.begin = begin;
    for (Part part : Part.values()) {
      values.put(part, new Recorders());
      compared.put(part, new Distribution());
    }
  }

  /** Sets the moment from which on everything counts. */
  void from(long atNs) {
    fromNs = atNs;
  }

  @Override
  public void accept(Kpi kpi, long ns) {
    if (kpi == Kpi.START_LAG) {
      begin.run();
      return;
    }
    long nowNs = nanoClock.getAsLong();
    long beganNs = nowNs - ns;
    if (beganNs < fromNs || !service.shown().contains(kpi)) {
      return;
    }
    Part part = log.part(beganNs, nowNs);
    values.get(part).of(Phase.MEASURE, kpi).record(ns);
    if (service.compared().contains(kpi)) {
      compared.get(part).record(ns);
    }
    if (part == Part.DURING && service.answers().contains(kpi)) {
      log.windows().stream()
          .filter(each -> each.overlaps(beganNs, nowNs))
          .forEach(each -> slow(each.strike(), ns));
    }
    if (service.pulse().contains(kpi)) {
      pulse(new Pulse(beganNs, nowNs));
    }
  }

  private void slow(Strike strike, long ns) {
    slowest.computeIfAbsent(strike, any -> new LongAccumulator(Math::max, 0)).accumulate(ns);
  }

  private void pulse(Pulse pulse) {
    synchronized (pulses) {
      long lastNs = pulses.isEmpty() ? 0 : pulses.get(pulses.size() - 1).fromNs;
      if (pulse.fromNs >= lastNs + PULSE_NS && pulses.size() < PULSES_MAX) {
        pulses.add(pulse);
      }
    }
  }

  List<Pulse> pulses() {
    synchronized (pulses) {
      return List.copyOf(pulses);
    }
  }

  /** Returns the longest answered wait that a fault touched; empty without any. */
  OptionalDouble slowestMs(Window window) {
    LongAccumulator most = slowest.get(window.strike());
    return most == null ? OptionalDouble.empty() : OptionalDouble.of(most.get() / 1e6);
  }

  Map<Kpi, Distribution> values(Part part) {
    return values.get(part).of(Phase.MEASURE);
  }

  /** Returns the answers that may not become slower. */
  Distribution compared(Part part) {
    return compared.get(part);
  }

  long answers(Part part) {
    return service.answers().stream()
        .flatMap(kpi -> Stream.ofNullable(values(part).get(kpi)))
        .mapToLong(found -> found.sum().count())
        .sum();
  }
}
