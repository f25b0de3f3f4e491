package report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import kpi.KpiReport;
import kpi.UnusableFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChartsTest {
  private static final String STAGES =
      """
      {"schema": 1, "offered": {"stage_100.connections": 100, "stage_1000.connections": 1000},
       "achieved": {"stage_100.arrivals_per_s": 9.9, "stage_1000.arrivals_per_s": 33.3},
       "kpis": {"rtt": {"p50": 1.5, "mean": 2, "unit": "ms", "count": 9},
                "stage_100.rtt": {"count": 9, "mean": 1.25, "p50": 1.1, "p99": null},
                "stage_1000.rtt": {"count": 9, "mean": 2.5, "p50": 2.25, "p99": 8.5}},
       "figures": {"stage_100.success_rate": {"value": 100, "unit": "%"},
                   "stage_1000.success_rate": {"value": 99.9, "unit": "%"}},
       "counters": {"stage_100.broadcasts_lost": 0, "stage_1000.broadcasts_lost": 12,
                    "closed_1008": 45, "refused_503": 3, "pings_sent": 7}}
      """;

  @TempDir Path folder;

  private Path run;

  @BeforeEach
  void copy() throws IOException {
    run = Golden.copy("regressed", folder);
  }

  @Test
  void the_baseline_stands_beside_the_run_with_a_point_of_both_at_each_percentile()
      throws Exception {
    Chart ttft = distribution();
    assertThat(ttft.series()).extracting(Chart.Series::role).containsExactly("plain", "baseline");
    Chart.Series own = ttft.series().get(0);
    Chart.Series before = ttft.series().get(1);
    assertThat(before.x()).isEqualTo(own.x());
    int p99 = own.x().indexOf(2.0);
    assertThat(own.values().get(p99)).isCloseTo(33.3, within(0.1));
    JsonNode kept = Golden.JSON.readTree(Files.readString(run.resolve("baseline.json")));
    assertThat(before.values().get(p99)).isEqualTo(kept.at("/distributions/ttft/99").asDouble());
    assertThat(before.values().get(0)).as("no line from the shortest to the median").isNull();
    assertThat(ttft.summary()).contains("The baseline: half within ");
    assertThat(ttft.marks()).containsExactly(new Chart.Mark("p95 limit", 500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"NaN\": 1, \"0x1p3\": 2, \"-1\": 3, \"101\": 4, \"\": 5, \"99.\": 6}",
        "{\"50\": \"2\", \"95\": 1e999, \"99\": -3}"
      })
  void percentiles_that_make_no_sense_are_not_drawn(String percentiles) throws Exception {
    JsonNode odd = Golden.JSON.readTree(percentiles);
    Golden.edit(
        run.resolve("baseline.json"),
        baseline -> ((ObjectNode) baseline.path("distributions")).set("ttft", odd));
    assertThat(distribution().series()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"schema\": 1, \"kpis\": {}}", "{\"schema\": 1, \"kp"})
  void a_baseline_without_distributions_is_missing(String text) throws Exception {
    Files.writeString(run.resolve("baseline.json"), text);
    assertThat(RunFiles.read(run).missing())
        .extracting(RunFiles.Missing::file)
        .contains("baseline.json");
    assertThat(distribution().series()).hasSize(1);
  }

  @Test
  void memory_in_use_is_shown_with_the_slope_of_its_growth() throws Exception {
    Chart inUse = timeChart("memory");
    assertThat(inUse.summary())
        .contains("llm 52 MB, direct buffers 9.30 MB;")
        .contains("llm 0.731 MB/s (0.644 to 0.818)", "injector −0.012 MB/s (−0.110 to 0.086)");
    assertThat(inUse.series())
        .extracting(Chart.Series::name)
        .containsExactly("injector", "llm", "proxy", "llm slope");
    Chart.Series slope = inUse.series().get(3);
    List<Integer> drawn =
        IntStream.range(0, slope.x().size())
            .filter(i -> slope.values().get(i) != null)
            .boxed()
            .toList();
    assertThat(drawn).allMatch(RunFiles.read(run).samples()::held);
    int first = drawn.get(0);
    int last = drawn.get(drawn.size() - 1);
    double rise = slope.values().get(last) - slope.values().get(first);
    assertThat(rise / (slope.x().get(last) - slope.x().get(first))).isCloseTo(0.731, within(0.001));
  }

  @Test
  void a_process_without_a_jvm_has_its_slope_along_its_resident_memory() throws Exception {
    Path samples = run.resolve("samples.ndjson");
    String text = Files.readString(samples);
    Files.writeString(
        samples, text.replaceAll("\"heap_live_bytes\":\\d+", "\"heap_live_bytes\":-1"));
    assertThat(timeChart("rss").series()).extracting(Chart.Series::name).contains("llm slope");
  }

  @Test
  void memory_in_use_that_no_process_reports_has_no_chart() throws Exception {
    run = Golden.copy("pass", folder);
    assertThat(Page.of(RunFiles.read(run)).timeCharts())
        .extracting(Chart::id)
        .contains("rss")
        .doesNotContain("memory");
  }

  @Test
  void stages_stand_side_by_side_with_the_outcomes_of_their_checks() throws Exception {
    StageTable table =
        StageTable.of(
            Golden.JSON.readValue(STAGES, KpiReport.class),
            name -> name.equals("stage_1000.rtt.mean") ? "FAIL" : "");
    assertThat(table.names()).containsExactly("100", "1000");
    assertThat(table.rows())
        .extracting(KpiTable.Row::name)
        .containsExactly(
            "connections planned",
            "success_rate",
            "attempts per second",
            "rtt mean",
            "rtt p50",
            "rtt p99",
            "broadcasts lost");
    KpiTable.Row mean = table.rows().get(3);
    assertThat(mean.cells()).extracting(KpiTable.Cell::figure).containsExactly("1.25", "2.50");
    assertThat(mean.cells()).extracting(KpiTable.Cell::outcome).containsExactly("", "FAIL");
    assertThat(table.gaps()).as("p99 of 100 connections").isTrue();
    assertThat(table.charts().get(0).summary())
        .isEqualTo("Mean: 1.25 ms in stage 100, 2.50 ms in stage 1000.");
    assertThat(table.charts().get(0).series())
        .extracting(Chart.Series::name)
        .containsExactly("mean", "p50", "p99");
  }

  @Test
  void the_page_shows_stages_and_lost_sockets_once() throws Exception {
    Path run = Golden.copy("pass", folder);
    JsonNode stages = Golden.JSON.readTree(STAGES);
    Golden.edit(
        run.resolve("kpi.json"),
        kpi ->
            List.of("offered", "achieved", "kpis", "figures", "counters")
                .forEach(
                    group ->
                        ((ObjectNode) kpi.path(group)).setAll((ObjectNode) stages.path(group))));
    Page page = Page.of(RunFiles.read(run));
    assertThat(page.kpis().rows()).extracting(KpiTable.Row::name).doesNotContain("stage_100.rtt");
    assertThat(page.figures().counters())
        .extracting(Figures.Count::name)
        .contains("pings_sent")
        .doesNotContain("closed_1008", "stage_100.broadcasts_lost");
    assertThat(page.figures().losses())
        .extracting(Figures.Count::name)
        .containsExactly("closed by 1008 (policy violation)", "refused by 503 (unavailable)");
    assertThat(Files.readString(Report.write(run).get(0)))
        .contains("Stages side by side", "id=\"plot-rtt-stages\"", "Lost sockets");
    assertThat(Summary.of(RunFiles.read(run)))
        .contains("## Stages", "| stage | 100 | 1000 |", "| rtt mean | 1.25 ms | 2.50 ms |");
  }

  private Chart distribution() throws IOException, UnusableFile {
    return named(DistributionCharts.of(RunFiles.read(run)), "ttft-distribution");
  }

  private Chart timeChart(String id) throws IOException, UnusableFile {
    return named(Page.of(RunFiles.read(run)).timeCharts(), id);
  }

  private static Chart named(List<Chart> charts, String id) {
    return charts.stream().filter(chart -> chart.id().equals(id)).findFirst().orElseThrow();
  }
}
