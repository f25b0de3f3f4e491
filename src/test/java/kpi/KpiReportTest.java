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

  /** Written before figures had an interval. */
  @Test
  void an_older_file_is_read_too() throws IOException {
    KpiReport report =
        MAPPER.readValue(
            """
            {"schema":1,"simulation":"SseBattleSimulation","profile":"smoke",
             "kpis":{"ttft":{"unit":"ms","direction":"lower","definition":"first","count":100,
               "min":0.6,"mean":2.1,"p50":2.0,"p90":3.0,"p95":3.5,"p99":null,"p999":null,
               "max":9.5}},
             "figures":{"llm.rss_max":{"unit":"MB","direction":"lower","definition":"largest",
               "value":155.4}},
             "counters":{"tokens_lost":0},
             "offered":{"clients":100.0},"achieved":{"clients":100.0}}
            """,
            KpiReport.class);

    Figure rss = report.figures().get("llm.rss_max");
    assertThat(rss.value()).isEqualTo(155.4);
    assertThat(rss.low()).isNull();
    assertThat(rss.high()).isNull();
    assertThat(report.kpis().get("ttft").stat("p95")).hasValue(3.5);
    assertThat(report.kpis().get("ttft").stat("p99")).isEmpty();
  }

  @Test
  void an_interval_is_in_the_file_only_if_there_is_one() {
    JsonNode figures = MAPPER.valueToTree(report()).path("figures");

    assertThat(figures.path("goodput").fieldNames())
        .toIterable()
        .containsExactly("unit", "direction", "definition", "value");
    assertThat(figures.path("llm.fd_slope").fieldNames())
        .toIterable()
        .containsExactly("unit", "direction", "definition", "value", "low", "high");
    assertThat(figures.at("/llm.fd_slope/low").asDouble()).isEqualTo(0.25);
    assertThat(figures.at("/llm.fd_slope/high").asDouble()).isEqualTo(0.75);
  }

  @Test
  void the_names_in_the_file_are_pinned() {
    JsonNode json = MAPPER.valueToTree(report());

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "schema simulation profile kpis figures counters offered achieved".split(" "));
    assertThat(json.path("kpis").path("ttft").fieldNames())
        .toIterable()
        .containsExactly(
            "unit direction definition count min mean p50 p90 p95 p99 p999 max".split(" "));
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
        Map.of(
            "goodput",
            Figure.of(Kpi.GOODPUT, 99.5),
            Kpi.FD_SLOPE.of("llm"),
            Figure.of(Kpi.FD_SLOPE, new TheilSen(0.5, 0.25, 0.75))),
        Map.of("streams_started", 3L),
        Map.of("clients", 3.0),
        Map.of("clients", 3.0));
  }
}
