package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kpi.UnusableFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChartsTest {
  @TempDir Path folder;

  private Path run;

  @BeforeEach
  void copy() throws IOException {
    run = Golden.copy("regressed", folder);
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

  @Test
  void a_process_without_a_jvm_has_its_slope_along_its_resident_memory() throws Exception {
    Path samples = run.resolve("samples.ndjson");
    String text = Files.readString(samples);
    Files.writeString(
        samples, text.replaceAll("\"heap_live_bytes\":\\d+", "\"heap_live_bytes\":-1"));
    assertThat(timeChart("rss").series()).extracting(Chart.Series::name).contains("llm slope");
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
