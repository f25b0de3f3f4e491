package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kpi.KpiReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTableTest {
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

  @Test
  void a_run_without_stages_has_no_table() {
    KpiReport plain =
        new KpiReport(1, "", "", Map.of(), Map.of(), null, Map.of("clients", 5.0), null);
    StageTable table = StageTable.of(plain, name -> "");
    assertThat(table.names()).isEmpty();
    assertThat(table.rows()).isEmpty();
    assertThat(table.charts()).isEmpty();
  }

  @Test
  void stages_stand_side_by_side_with_the_outcomes_of_their_checks() throws Exception {
    StageTable table =
        StageTable.of(
            Golden.JSON.readValue(STAGES, KpiReport.class),
            name -> name.equals("stage_1000.rtt.mean") ? "FAIL" : "");
    assertThat(table.names()).containsExactly("100", "1000");
    assertThat(table.rows())
        .extracting(StageTable.Row::name)
        .containsExactly(
            "connections planned",
            "success_rate",
            "attempts per second",
            "rtt mean",
            "rtt p50",
            "rtt p99",
            "broadcasts lost");
    StageTable.Row mean = table.rows().get(3);
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
}
