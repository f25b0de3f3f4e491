package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import kpi.Median;

/**
 * The legs of all rounds, compared. What is compared was measured in the same round, and the median
 * of the rounds is what counts, so that a disturbance of one round does not decide.
 *
 * @param legs of every lane and round
 */
record Comparison(List<Leg> legs) {
  private static final double BYTES_PER_MB = 1e6;

  /**
   * One lane over all rounds; microseconds and megabytes.
   *
   * @param lane its name
   * @param events received in all rounds
   * @param lost events that never came
   * @param cpuUs CPU for each event
   * @param ratio the same, divided by Gauntlet's in the same round
   * @param ttft from request to first event
   * @param added lateness beyond the direct way's in the same round
   * @param rssMb resident memory
   */
  record Line(
      String lane,
      long events,
      long lost,
      OptionalDouble cpuUs,
      OptionalDouble ratio,
      Received.Spread ttft,
      Optional<Received.Spread> added,
      OptionalDouble rssMb) {
    /** The names used in JSON. */
    Map<String, Object> asMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("lane", lane);
      map.put("events", events);
      map.put("lost", lost);
      cpuUs.ifPresent(value -> map.put("cpu_us_per_event", value));
      ratio.ifPresent(value -> map.put("cpu_ratio_to_gauntlet", value));
      map.put("ttft_p50_us", ttft.p50());
      map.put("ttft_p99_us", ttft.p99());
      added.ifPresent(
          value -> {
            map.put("added_p50_us", value.p50());
            map.put("added_p99_us", value.p99());
          });
      rssMb.ifPresent(value -> map.put("rss_mb", value));
      return map;
    }
  }

  /** One line for each lane, in the order of their first legs. */
  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    legs.stream().map(Leg::lane).distinct().forEach(lane -> lines.add(line(lane)));
    return lines;
  }

  private Line line(String lane) {
    List<Leg> own = legs.stream().filter(leg -> leg.lane().equals(lane)).toList();
    return new Line(
        lane,
        own.stream().mapToLong(leg -> leg.received().events()).sum(),
        own.stream().mapToLong(leg -> leg.received().lost()).sum(),
        Median.of(present(own, Leg::cpuUsPerEvent)),
        Median.of(present(own, this::ratio)),
        new Received.Spread(
            middle(own, leg -> leg.received().ttft().p50()),
            middle(own, leg -> leg.received().ttft().p99())),
        added(lane, own),
        Median.of(
            own.stream()
                .filter(leg -> leg.rssBytes().isPresent())
                .mapToDouble(leg -> leg.rssBytes().getAsLong() / BYTES_PER_MB)));
  }

  private Optional<Received.Spread> added(String lane, List<Leg> own) {
    boolean comparable = own.stream().allMatch(leg -> beside(leg, Lane.DIRECT).isPresent());
    return lane.equals(Lane.DIRECT) || !comparable
        ? Optional.empty()
        : Optional.of(
            new Received.Spread(
                middle(own, leg -> addedUs(leg, Received.Spread::p50)),
                middle(own, leg -> addedUs(leg, Received.Spread::p99))));
  }

  private double addedUs(Leg leg, ToDoubleFunction<Received.Spread> point) {
    Leg direct = beside(leg, Lane.DIRECT).orElseThrow();
    return point.applyAsDouble(leg.received().lateness())
        - point.applyAsDouble(direct.received().lateness());
  }

  private OptionalDouble ratio(Leg leg) {
    OptionalDouble own = leg.cpuUsPerEvent();
    OptionalDouble gauntlet =
        beside(leg, Lane.GAUNTLET).map(Leg::cpuUsPerEvent).orElse(OptionalDouble.empty());
    return own.isEmpty() || gauntlet.isEmpty() || gauntlet.getAsDouble() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(own.getAsDouble() / gauntlet.getAsDouble());
  }

  /** Another lane's leg in the same round. */
  private Optional<Leg> beside(Leg leg, String lane) {
    return legs.stream()
        .filter(other -> other.round() == leg.round() && other.lane().equals(lane))
        .findFirst();
  }

  private static DoubleStream present(List<Leg> legs, Function<Leg, OptionalDouble> figure) {
    return legs.stream().map(figure).flatMapToDouble(OptionalDouble::stream);
  }

  private static double middle(List<Leg> legs, ToDoubleFunction<Leg> figure) {
    return Median.of(legs.stream().mapToDouble(figure)).orElse(0);
  }
}
