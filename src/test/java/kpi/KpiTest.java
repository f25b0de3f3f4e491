package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KpiTest {
  @Test
  void a_kpi_is_found_by_its_name_with_or_without_a_process() {
    assertThat(Kpi.named("rss_max")).contains(Kpi.RSS_MAX);
    assertThat(Kpi.named(Kpi.RSS_MAX.of("llm"))).contains(Kpi.RSS_MAX);
    assertThat(Kpi.named("rss")).isEmpty();
    assertThat(Kpi.named("")).isEmpty();
  }

  /** docs/KPIS.md has the words of the catalogue, in the same order. */
  @Test
  void the_document_has_every_kpi_with_its_own_words() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs", "KPIS.md")).stream()
            .dropWhile(line -> !line.startsWith("| name |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(Arrays.stream(Kpi.values()).map(KpiTest::row).toList());
  }

  private static String row(Kpi kpi) {
    return String.format(
        "| `%s` | %s | %s | %s |",
        kpi.word(), kpi.unit(), kpi.direction().word(), kpi.definition().replace("|", "\\|"));
  }

  @Test
  void a_single_figure_has_no_recorder() {
    Recorders recorders = new Recorders();
    assertThat(recorders.of(Phase.MEASURE)).isEmpty();
    assertThat(recorders.of(Phase.MEASURE, Kpi.TTFT))
        .isSameAs(recorders.of(Phase.MEASURE, Kpi.TTFT))
        .isNotSameAs(recorders.of(Phase.WARM_UP, Kpi.TTFT));
    assertThat(recorders.of(Phase.MEASURE)).containsOnlyKeys(Kpi.TTFT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> recorders.of(Phase.MEASURE, Kpi.GOODPUT))
        .withMessage("GOODPUT is a single figure, not a distribution");
  }

  @ParameterizedTest
  @CsvSource({
    "stage_100.rtt, true",
    "ticker.rss_max, false",
    "rtt, false",
    "stage_.rtt, false",
    "stage_100, false",
  })
  void figures_of_stages_differ_from_those_of_processes_and_of_the_run(String name, boolean stage) {
    assertThat(Stages.isOfStage(name)).isEqualTo(stage);
  }

  @Test
  void stages_come_once_each_and_in_their_order() {
    List<String> figures =
        List.of("rtt", "stage_5000.connect", "stage_100.rtt", "stage_5000.rtt", "stage_100_2.rtt");
    assertThat(Stages.among(figures)).containsExactly("5000", "100", "100_2");
    assertThat(Stages.prefix("100_2")).isEqualTo("stage_100_2.");
  }

  @Test
  void a_known_code_has_a_counter_of_its_own_and_any_other_counts_as_another_one() {
    assertThat(SocketLoss.closedBy(1008).counter()).isEqualTo("closed_1008");
    assertThat(SocketLoss.refusedBy(401).counter()).isEqualTo("refused_401");
    assertThat(SocketLoss.closedBy(4000).counter()).isEqualTo("closed_other");
    assertThat(SocketLoss.closedBy(401)).isEqualTo(SocketLoss.CLOSED_OTHER);
    assertThat(SocketLoss.refusedBy(418).counter()).isEqualTo("refused_other");
  }

  @Test
  void losses_have_words() {
    Map<String, Long> counters =
        Map.of("closed_1008", 45L, "closed_1006", 1_000L, "refused_503", 3L, "streams_started", 9L);
    assertThat(SocketLoss.closed(counters))
        .isEqualTo(
            "1,000 closed by 1006 (cut without a close frame),"
                + " 45 closed by 1008 (policy violation)");
    assertThat(SocketLoss.refused(counters)).isEqualTo("3 refused by 503 (unavailable)");
    assertThat(SocketLoss.closed(Map.of())).isEmpty();
  }
}
