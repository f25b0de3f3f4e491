package kpi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

/**
 * One number of a run with its meaning.
 *
 * @param direction the word of a {@link Direction}
 * @param low lower end of the 95 % interval, or of what it may be; null, and absent from files, if
 *     there is none
 * @param high upper end; null exactly if low is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Figure(
    String unit,
    String direction,
    String definition,
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) double value,
    Double low,
    Double high) {
  public static Figure of(Kpi kpi, double value) {
    return of(kpi, value, null, null);
  }

  public static Figure of(Kpi kpi, TheilSen line) {
    return of(kpi, line.slope(), line.low(), line.high());
  }

  /** Returns a figure of which the true value lies between two others. */
  public static Figure of(Kpi kpi, double value, Double low, Double high) {
    return new Figure(kpi.unit(), kpi.direction().word(), kpi.definition(), value, low, high);
  }
}
