package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class KpiReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void json_carries_everything_there_and_back() throws IOException {
    KpiReport report = report();

    assertThat(MAPPER.readValue(MAPPER.writeValueAsBytes(report), KpiReport.class))
        .isEqualTo(report);
  }

  @Test
  void the_names_in_the_file_are_pinned() {
    JsonNode json = MAPPER.valueToTree(report());

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "schema",
            "simulation",
            "profile",
            "kpis",
            "figures",
            "counters",
            "offered",
            "achieved");
    assertThat(json.path("kpis").path("ttft").fieldNames())
        .toIterable()
        .containsExactly(
            "unit",
            "direction",
            "definition",
            "count",
            "min",
            "mean",
            "p50",
            "p90",
            "p95",
            "p99",
            "p999",
            "max");
    assertThat(json.path("kpis").path("ttft").path("p50").isNull()).isTrue();
    assertThat(json.path("schema").asInt()).isEqualTo(1);
  }

  @Test
  void a_counter_that_never_counted_is_zero() {
    assertThat(report().counter("streams_started")).isEqualTo(3);
    assertThat(report().counter("absent")).isZero();
  }

  private static KpiReport report() {
    Histogram histogram = new Histogram(1, Distribution.MAX_NS, 3);
    histogram.recordValue(5_000_000);
    return new KpiReport(
        KpiReport.SCHEMA,
        "SseBattleSimulation",
        "smoke",
        Map.of("ttft", Percentiles.of(Kpi.TTFT, histogram)),
        Map.of("goodput", Figure.of(Kpi.GOODPUT, 99.5)),
        Map.of("streams_started", 3L),
        Map.of("clients", 3.0),
        Map.of("clients", 3.0));
  }
}
