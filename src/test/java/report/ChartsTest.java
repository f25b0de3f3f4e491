package report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChartsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void draws_the_baseline_beside_the_run_with_a_point_of_both_at_each_percentile()
      throws IOException {
    Path run = Golden.copy("regressed", folder);
    Chart ttft = distribution(run, "ttft-distribution");
    assertThat(ttft.series()).extracting(Chart.Series::role).containsExactly("plain", "baseline");
    Chart.Series own = ttft.series().get(0);
    Chart.Series before = ttft.series().get(1);
    assertThat(before.x()).isEqualTo(own.x());
    int p99 = own.x().indexOf(2.0);
    assertThat(own.values().get(p99)).isCloseTo(33.3, within(0.1));
    JsonNode kept = JSON.readTree(Files.readString(run.resolve("baseline.json")));
    assertThat(before.values().get(p99))
        .isEqualTo(kept.path("distributions").path("ttft").path("99").asDouble());
    assertThat(ttft.summary()).contains("The baseline: half within ");
  }

  @Test
  void draws_no_line_from_the_shortest_of_a_baseline_to_its_median() throws IOException {
    BaselineCurve curve = curve("{\"0\": 1, \"50\": 2, \"99\": 4, \"100\": 9}");
    assertThat(curve.points())
        .extracting(BaselineCurve.Point::percentile)
        .containsExactly(50., 99.);
    assertThat(curve.max()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1, 2]",
        "{\"NaN\": 1, \"0x1p3\": 2, \"-1\": 3, \"101\": 4, \"\": 5, \"99.\": 6}",
        "{\"50\": \"2\", \"90\": null, \"95\": 1e999, \"99\": -3}"
      })
  void draws_nothing_of_percentiles_that_are_none(String percentiles) throws IOException {
    assertThat(curve(percentiles).drawable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"distributions\": 3}", "{\"schema\": 1, \"distribu"})
  void notes_a_baseline_that_cannot_be_drawn(String text) throws IOException {
    Path run = Golden.copy("regressed", folder);
    Files.writeString(run.resolve("baseline.json"), text);
    assertThat(RunFolder.read(run).missing()).extracting(Missing::file).contains("baseline.json");
    assertThat(distribution(run, "ttft-distribution").series()).hasSize(1);
    assertThat(Report.write(run)).isNotEmptyFile();
  }

  @Test
  void shows_what_a_process_keeps_and_how_fast_it_grows() throws IOException {
    Page page = Page.of(RunFolder.read(Golden.copy("regressed", folder)));
    assertThat(page.timeCharts()).extracting(Chart::id).contains("rss", "memory");
    Chart inUse = chart(page.timeCharts(), "memory");
    assertThat(inUse.summary())
        .contains("llm 52 MB, direct buffers 9.30 MB;")
        .contains("llm 0.731 MB/s (0.644 to 0.818)", "injector −0.012 MB/s (−0.110 to 0.086)");
    assertThat(inUse.series())
        .extracting(Chart.Series::name)
        .containsExactly("injector", "llm", "proxy", "llm slope");
  }

  @Test
  void draws_a_slope_through_the_held_phase_alone() throws IOException {
    RunFolder run = RunFolder.read(Golden.copy("regressed", folder));
    Chart.Series slope = chart(Page.of(run).timeCharts(), "memory").series().get(3);
    List<Integer> drawn =
        IntStream.range(0, slope.x().size())
            .filter(i -> slope.values().get(i) != null)
            .boxed()
            .toList();
    assertThat(drawn).allMatch(i -> run.samples().get(i).path("phase").asText().equals("hold"));
    int first = drawn.get(0);
    int last = drawn.get(drawn.size() - 1);
    double rise = slope.values().get(last) - slope.values().get(first);
    assertThat(rise / (slope.x().get(last) - slope.x().get(first))).isCloseTo(0.731, within(0.001));
  }

  @Test
  void draws_the_slope_of_a_process_that_is_no_jvm_along_its_resident_memory() throws IOException {
    Path run = Golden.copy("regressed", folder);
    Path samples = run.resolve("samples.ndjson");
    String text = Files.readString(samples);
    Files.writeString(
        samples, text.replaceAll("\"heap_live_bytes\":\\d+", "\"heap_live_bytes\":-1"));
    Chart resident = chart(Page.of(RunFolder.read(run)).timeCharts(), "rss");
    assertThat(resident.series()).extracting(Chart.Series::name).contains("llm slope");
  }

  @Test
  void leaves_out_memory_in_use_that_no_process_tells() throws IOException {
    Page page = Page.of(RunFolder.read(Golden.copy("pass", folder)));
    assertThat(page.timeCharts()).extracting(Chart::id).contains("rss");
    assertThat(page.timeCharts()).extracting(Chart::id).doesNotContain("memory");
  }

  @Test
  void counts_ends_by_kind_with_their_share() throws IOException {
    Outcomes outcomes = Outcomes.of(RunFolder.read(Golden.copy("regressed", folder)).kpi());
    assertThat(outcomes.kinds())
        .containsExactly(
            new Outcomes.Kind("ok", "3,154", "99.87", false),
            new Outcomes.Kind("reset", "3", "0.095", true),
            new Outcomes.Kind("timeout", "1", "0.032", true));
    assertThat(outcomes.never()).contains("refused", "limited");
    assertThat(outcomes.failures()).isEqualTo("3 reset, 1 timeout");
  }

  private static Chart distribution(Path run, String id) throws IOException {
    return chart(DistributionCharts.of(RunFolder.read(run)), id);
  }

  private static Chart chart(List<Chart> charts, String id) {
    return charts.stream().filter(chart -> chart.id().equals(id)).findFirst().orElseThrow();
  }

  private static BaselineCurve curve(String percentiles) throws IOException {
    return BaselineCurve.of(JSON.readTree(percentiles));
  }
}
