package report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.Check;

final class HistoryPageTest {
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");
  private static final Pattern LOADED =
      Pattern.compile(
          "<(?:script|img|link|iframe)[^>]+(?:src|href)\\s*=|url\\(\\s*['\"]?http|@import");
  private static final String HOSTILE = "</script><script>alert(1)</script><img src=x>&\"'";

  @TempDir Path folder;

  @Test
  void says_every_figure_in_a_table_for_readers_without_script() throws IOException {
    String html = ours(HistoryPage.html(List.of(section("A.smoke", 10.0, 12.0))));

    assertThat(html)
        .contains("<h2 id=\"s0-h\">A.smoke <small>2 CPUs</small></h2>")
        .contains("<td>12<small>+20.0 %</small></td>")
        .contains("<code>c1</code><small>2026-11-02 00:00</small>")
        .contains("Newest 12 ms, median 11 ms, all from 10 to 12 ms. Since the first run +20.0 %.");
    assertThat(html.indexOf("<code>c1</code>")).isLessThan(html.indexOf("<code>c0</code>"));
  }

  @Test
  void embeds_what_the_script_draws() throws IOException {
    JsonNode data = data(HistoryPage.html(List.of(section("A.smoke", 10.0, null, 12.0))));

    assertThat(data.at("/0/labels/0/commit").asText()).isEqualTo("c0");
    assertThat(data.at("/0/labels/2/verdict").asText()).isEqualTo("FAIL");
    assertThat(data.at("/0/charts/0/values")).hasToString("[10.0,null,12.0]");
    assertThat(data.at("/0/charts/0/first/2").asText()).isEqualTo("+20.0 %");
  }

  @Test
  void a_run_that_is_alone_is_said_to_be() throws IOException {
    assertThat(HistoryPage.html(List.of(section("A.smoke", 10.0))))
        .contains("One run so far: 10 ms.");
  }

  @Test
  void a_figure_that_no_run_has_is_no_error() throws IOException {
    assertThat(HistoryPage.html(List.of(section("A.smoke", null, null))))
        .contains("No run that is shown has it.");
  }

  @Test
  void a_run_under_other_settings_is_marked_and_not_summed_up() throws IOException {
    HistoryPage.Section section = section("A.smoke", 10.0, 12.0, 99.0);
    List<HistoryPage.Run> runs = new ArrayList<>(section.runs());
    runs.set(2, run(2, "clients 9 instead of 8"));
    String html =
        HistoryPage.html(
            List.of(
                new HistoryPage.Section(
                    section.name(), section.machine(), 3, runs, section.figures())));

    assertThat(html)
        .contains("<tr class=\"other\">", "<small>clients 9 instead of 8</small>")
        .contains("all from 10 to 12 ms");
  }

  @Test
  void a_long_table_is_folded_away_and_says_of_how_many_it_is_the_end() throws IOException {
    Double[] values = new Double[31];
    Arrays.fill(values, 5.0);
    HistoryPage.Section all = section("A.smoke", values);

    assertThat(HistoryPage.html(List.of(section("A.smoke", 1.0)))).contains("<details open>");
    assertThat(
            HistoryPage.html(
                List.of(
                    new HistoryPage.Section(
                        all.name(), all.machine(), 1_500, all.runs(), all.figures()))))
        .contains("<details>", "the last 31 of 1,500 runs");
  }

  @Test
  void loads_nothing_from_anywhere() throws IOException {
    String html = ours(HistoryPage.html(List.of(section("A.smoke", 10.0))));

    assertThat(LOADED.matcher(html).find()).isFalse();
    assertThat(html).contains("default-src 'none'").doesNotContain("fetch(", "http://");
  }

  @Test
  void keeps_the_licence_of_the_charting_library() throws IOException {
    assertThat(HistoryPage.html(List.of(section("A.smoke", 10.0))))
        .contains("Licensed to the Apache Software Foundation")
        .contains("This product includes software developed at");
  }

  @Test
  void escapes_hostile_text_wherever_it_stands() throws IOException {
    HistoryPage.Section section = section(HOSTILE, 10.0);
    List<HistoryPage.Run> runs =
        List.of(new HistoryPage.Run(HOSTILE, true, Instant.EPOCH, Check.Outcome.PASS, HOSTILE));
    List<HistoryPage.Figure> figures =
        List.of(new HistoryPage.Figure(HOSTILE, Kpi.TTFT, section.figures().get(0).points(), 1.0));
    String html =
        HistoryPage.html(List.of(new HistoryPage.Section(HOSTILE, HOSTILE, 1, runs, figures)));

    assertThat(html).doesNotContain("<script>alert", "<img src=x");
    assertThat(html.split("</script>", -1)).hasSize(4);
    assertThat(data(html).at("/0/name").asText()).isEqualTo(HOSTILE);
  }

  @Test
  void replaces_no_file_that_is_not_such_a_page() throws IOException {
    Path other = Files.writeString(folder.resolve("index.html"), "<html>mine</html>");

    assertThatThrownBy(() -> HistoryPage.write(other, List.of(section("A.smoke", 10.0))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is there and is no page of a history");
    assertThat(other).hasContent("<html>mine</html>");
  }

  /** One figure, one run a day, the last of which failed. */
  private static HistoryPage.Section section(String name, Double... values) {
    List<HistoryPage.Run> runs = new ArrayList<>();
    List<HistoryPage.Point> points = new ArrayList<>();
    for (int index = 0; index < values.length; index++) {
      runs.add(run(index, ""));
      Double value = values[index];
      Double change =
          value == null || values[0] == null || index == 0
              ? null
              : Double.valueOf(100 * (value - values[0]) / values[0]);
      points.add(new HistoryPage.Point(value, change, change));
    }
    HistoryPage.Run last = runs.remove(runs.size() - 1);
    runs.add(new HistoryPage.Run(last.commit(), false, last.started(), Check.Outcome.FAIL, ""));
    HistoryPage.Figure figure = new HistoryPage.Figure("ttft.p50", Kpi.TTFT, points, 11.0);
    return new HistoryPage.Section(name, "2 CPUs", runs.size(), runs, List.of(figure));
  }

  private static HistoryPage.Run run(int day, String otherSettings) {
    Instant started = Instant.parse("2026-11-01T00:00:00Z").plusSeconds(86_400L * day);
    return new HistoryPage.Run("c" + day, false, started, Check.Outcome.PASS, otherSettings);
  }

  private static JsonNode data(String html) throws IOException {
    Matcher data = DATA.matcher(html);
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }

  private static String ours(String html) throws IOException {
    return html.replace(Resources.echarts(), "");
  }
}
