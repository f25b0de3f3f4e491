package kpi;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * A distribution in the KPI's unit. A percentile is absent when it has too few samples: p needs at
 * least 10 / (1 - p), so that ten samples lie beyond it.
 *
 * @param apart what was counted beside the histogram, to hold it against; null if read from a file
 */
public record Percentiles(
    String unit,
    String direction,
    String definition,
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) long count,
    Double min,
    Double mean,
    Double p50,
    Double p90,
    Double p95,
    Double p99,
    @JsonProperty("p999") Double p999,
    Double max,
    @JsonIgnore Sum apart) {
  private static final double NS_PER_MS = 1e6;
  private static final int SAMPLES_BEYOND = 10;

  /** A number of values, and their sum in milliseconds. */
  public record Sum(long count, double ms) {}

  /** Converts a distribution in nanoseconds to milliseconds; after its last rotation. */
  public static Percentiles of(Kpi kpi, Distribution values) {
    return of(kpi, values.total(), values.sum());
  }

  /** Converts values in nanoseconds, of which nothing else was counted. */
  public static Percentiles of(Kpi kpi, Histogram histogram) {
    return of(kpi, histogram, null);
  }

  static Percentiles of(Kpi kpi, Histogram histogram, Sum apart) {
    boolean any = histogram.getTotalCount() > 0;
    return new Percentiles(
        kpi.unit(),
        kpi.direction().word(),
        kpi.definition(),
        histogram.getTotalCount(),
        any ? ms((double) histogram.getMinValue()) : null,
        any ? ms(histogram.getMean()) : null,
        percentile(histogram, 50),
        percentile(histogram, 90),
        percentile(histogram, 95),
        percentile(histogram, 99),
        percentile(histogram, 99.9),
        any ? ms((double) histogram.getMaxValue()) : null,
        apart);
  }

  /** Returns the sum of all values in milliseconds, by their mean. */
  public double sumMs() {
    return count == 0 ? 0 : count * mean;
  }

  /** Returns the number of samples that a percentile needs. */
  public static long needed(double percentile) {
    return Math.round(SAMPLES_BEYOND * 100 / (100 - percentile));
  }

  /**
   * Returns a statistic by its name.
   *
   * @param name min, mean, p50, p90, p95, p99, p999 or max
   * @return empty if there are too few samples
   * @throws IllegalArgumentException for any other name
   */
  public OptionalDouble stat(String name) {
    Double value =
        switch (name) {
          case "min" -> min;
          case "mean" -> mean;
          case "p50" -> p50;
          case "p90" -> p90;
          case "p95" -> p95;
          case "p99" -> p99;
          case "p999" -> p999;
          case "max" -> max;
          default -> throw new IllegalArgumentException("no statistic " + name);
        };
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static Double percentile(Histogram histogram, double percentile) {
    return histogram.getTotalCount() < needed(percentile)
        ? null
        : ms((double) histogram.getValueAtPercentile(percentile));
  }

  private static Double ms(double ns) {
    return Math.round(ns / NS_PER_MS * 1e4) / 1e4;
  }
}
