package simulations.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kpi.Figure;
import kpi.Percentiles;
import kpi.Timeline.Span;

/** The load of one simulation, once it has ended: its plan, its outcome, and its own figures. */
public interface Load {
  /** Returns the schedules of its users' arrivals, one for each stage. */
  List<Arrivals> schedules();

  /**
   * Returns the scenarios or requests of which each one is a stream, by Gatling's names; empty if
   * Gatling sees no stream begin.
   */
  Set<String> begins();

  /** Returns the target that has a gauge of the open streams, if any has. */
  default Optional<Gauge> gauge() {
    return Optional.empty();
  }

  /** A target's gauge, which counts at most so many streams beside those of the load. */
  record Gauge(String process, int beside) {}

  /** Returns the planned load by name. */
  default Map<String, Double> offered() {
    return ofSchedules(Arrivals::offered);
  }

  /** Returns the load that was reached, under the same names. */
  default Map<String, Double> achieved() {
    return ofSchedules(Arrivals::achieved);
  }

  private Map<String, Double> ofSchedules(Function<Arrivals, Map<String, Double>> load) {
    Map<String, Double> all = new LinkedHashMap<>();
    schedules().forEach(arrivals -> all.putAll(load.apply(arrivals)));
    return all;
  }

  /** Returns the stretches of level load: rates, cores and slopes are those of them. */
  default List<Span> level(List<Span> phases) {
    return phases.stream().filter(phase -> PhaseNames.isSteady(phase.name())).toList();
  }

  /**
   * Returns figures beyond the general ones, by name.
   *
   * @param levelS length of the level load in seconds
   */
  default Map<String, Figure> figures(double levelS) {
    return Map.of();
  }

  /** Returns distributions beyond those of the run as a whole, by name. */
  default Map<String, Percentiles> distributions() {
    return Map.of();
  }

  /**
   * Returns why figures cannot be known of what was under load, in a sentence, by name; such
   * figures are left out.
   */
  default Map<String, String> unchecked() {
    return Map.of();
  }

  /** Returns counts beyond those of the run as a whole, by name. */
  default Map<String, Long> counters() {
    return Map.of();
  }
}
