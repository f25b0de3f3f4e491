package kpi;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Map;

/**
 * The measurements of a run: the content of {@code kpi.json}, and all that the verdict judges.
 *
 * @param offered planned load, by name
 * @param achieved load that was reached, under the same names
 * @param absent why a figure of a process could not be taken, in a sentence, by the figure's name
 * @param unchecked why a figure cannot be known of what was under load, in a sentence, by its name
 * @param shared counters of targets that other generators load too, by check
 */
public record KpiReport(
    int schema,
    String simulation,
    String profile,
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) Map<String, Percentiles> kpis,
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL) Map<String, Figure> figures,
    Map<String, Long> counters,
    Map<String, Double> offered,
    Map<String, Double> achieved,
    Map<String, String> absent,
    Map<String, String> unchecked,
    Map<String, SharedCounters> shared) {
  /** The process that makes the load, in names of figures. */
  public static final String INJECTOR = "injector";

  /** All target processes together, in names of figures. */
  public static final String ALL_TARGETS = "targets";

  /** Returns a counter, 0 if it never counted. */
  public long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }
}
