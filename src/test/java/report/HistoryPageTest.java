package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import verdict.Check;
import verdict.History;
import verdict.HistorySeries;
import verdict.MachineClass;

final class HistoryPageTest {
  private static final String HOSTILE = "</script><script>alert(1)</script><img src=x>&\"'";

  private final List<History.Entry> runs = new ArrayList<>();

  @Test
  void every_figure_stands_in_a_table_for_readers_without_script() throws IOException {
    days(10.0, 12.0);
    String html = html(200).replace(Template.echarts(), "");
    assertThat(html)
        .contains("<h2 id=\"s0-h\">A.smoke <small>2 CPUs, AMD EPYC, 24 GiB, Linux, Java 17</small>")
        .contains("<td>12<small>+20 %</small></td>", "<details open>")
        .contains("<code>c1</code><small>2026-11-02 00:00</small>")
        .contains("Newest 12 ms, median 11 ms, all from 10 to 12 ms. Since the first run +20 %.");
    assertThat(html.indexOf("<code>c1</code>")).isLessThan(html.indexOf("<code>c0</code>"));
  }

  @Test
  void the_script_draws_the_same_figures() throws IOException {
    days(10.0, null, 12.0);
    JsonNode data = Golden.data(html(200));
    assertThat(data.at("/0/labels/0/commit").asText()).isEqualTo("c0");
    assertThat(data.at("/0/labels/2/verdict").asText()).isEqualTo("PASS");
    assertThat(data.at("/0/charts/0/values")).hasToString("[10.0,null,12.0]");
    assertThat(data.at("/0/charts/0/first/2").asText()).isEqualTo("+20 %");
  }

  @Test
  void a_single_run_and_a_figure_without_values_are_no_error() throws IOException {
    days(10.0);
    assertThat(html(200)).contains("One run so far: 10 ms.");
    runs.clear();
    days(null, null);
    assertThat(html(200)).contains("None of these runs has it.");
  }

  @Test
  void a_run_under_other_settings_is_marked_and_left_out_of_the_summary() throws IOException {
    days(10.0);
    runs.add(run("c1", Map.of("clients", "9"), 99.0));
    runs.add(run("c2", Map.of("clients", "8"), 12.0));
    assertThat(html(200))
        .contains("<tr class=\"other\">", "<small>clients 9 instead of 8</small>")
        .contains("all from 10 to 12 ms");
  }

  @Test
  void a_long_table_is_folded_away_with_the_number_of_all_runs() throws IOException {
    days(new Double[1_500]);
    assertThat(html(31)).contains("<details>", "the last 31 of 1,500 runs");
  }

  @Test
  void a_page_loads_nothing_escapes_everything_and_keeps_the_licence() throws IOException {
    runs.add(run(HOSTILE, Map.of("clients", HOSTILE), 10.0));
    days(10.0);
    String html = html(200);
    assertThat(html).doesNotContain("<script>alert", "<img src=x");
    assertThat(html.split("</script>", -1)).hasSize(4);
    Golden.selfContained(html);
    assertThat(Golden.data(html).at("/0/labels/0/other").asText()).contains(HOSTILE);
  }

  /** One run a day. */
  private void days(Double... values) {
    for (Double value : values) {
      runs.add(run("c" + runs.size(), Map.of("clients", "8"), value));
    }
  }

  private History.Entry run(String commit, Map<String, String> settings, Double ttft) {
    return new History.Entry(
        1,
        Instant.parse("2026-11-01T00:00:00Z").plusSeconds(86_400L * runs.size()).toString(),
        commit,
        false,
        "A",
        "smoke",
        new MachineClass(2, "AMD EPYC", 24, "Linux", "17"),
        settings,
        42,
        Check.Outcome.PASS,
        ttft == null ? Map.of() : Map.of("ttft.p50", ttft));
  }

  private String html(int last) throws IOException {
    return HistoryPage.html(
        HistorySeries.of(runs).stream()
            .map(series -> series.showing(List.of("ttft.p50"), last))
            .toList());
  }
}
