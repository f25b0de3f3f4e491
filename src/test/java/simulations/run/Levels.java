package simulations.run;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.Timeline.Span;

/**
 * The stretches of a run in which its load was level, and how much was counted in all of them
 * together. Totals at their ends lie on the line between the samples around them.
 *
 * @param samples of the run, oldest first
 * @param spans in their order, apart from each other
 */
public record Levels(List<Sample> samples, List<Span> spans) {
  /** Returns the length of all stretches in seconds. */
  public double lengthS() {
    return spans.stream().mapToDouble(span -> span.endS() - span.startS()).sum();
  }

  /** Returns the samples of each stretch. */
  List<List<Sample>> stretches() {
    return spans.stream()
        .map(
            span ->
                samples.stream()
                    .filter(sample -> sample.t() >= span.startS() && sample.t() <= span.endS())
                    .toList())
        .toList();
  }

  /** Returns the CPU seconds of a process; 0 if it does not report them. */
  public double cpuS(String process) {
    return increase(sample -> cpuS(sample, process));
  }

  /** Returns the cores that a process used; empty if that is not known, or without any load. */
  public OptionalDouble cores(String process) {
    boolean known = samples.stream().anyMatch(each -> !Double.isNaN(cpuS(each, process)));
    return known ? perS(sample -> cpuS(sample, process)) : OptionalDouble.empty();
  }

  private static double cpuS(Sample sample, String process) {
    ProcessSample figures = sample.processes().get(process);
    return figures == null || figures.cpuS() < 0 ? Double.NaN : figures.cpuS();
  }

  /**
   * Returns the increase of a total; one that falls begins anew, as that of a process restarted.
   *
   * @param total NaN in a sample without it
   */
  public double increase(ToDoubleFunction<Sample> total) {
    return spans.stream()
        .mapToDouble(span -> at(span.endS(), total) - at(span.startS(), total))
        .sum();
  }

  /** Returns the increase of a total a second; empty without any load. */
  public OptionalDouble perS(ToDoubleFunction<Sample> total) {
    double lengthS = lengthS();
    return lengthS > 0 ? OptionalDouble.of(increase(total) / lengthS) : OptionalDouble.empty();
  }

  private double at(double momentS, ToDoubleFunction<Sample> total) {
    double beforeS = 0;
    double before = 0;
    double earlier = 0;
    for (Sample sample : samples) {
      double value = earlier + total.applyAsDouble(sample);
      if (Double.isNaN(value)) {
        continue;
      }
      if (value < before) {
        value += before - earlier;
        earlier = before;
      }
      if (sample.t() >= momentS) {
        double share = sample.t() > beforeS ? (momentS - beforeS) / (sample.t() - beforeS) : 1;
        return before + share * (value - before);
      }
      beforeS = sample.t();
      before = value;
    }
    return before;
  }
}
