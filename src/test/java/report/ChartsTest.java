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

  @Test
  void memory_in_use_is_shown_with_the_slope_of_its_growth() throws Exception {
    Chart inUse = timeChart("memory");
    assertThat(inUse.summary())
        .contains("llm 52 MB,")
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
