package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalogue of KPIs, and the report of their values. */
class KpiTest {
  private static final ObjectMapper MAPPER = JsonFile.MAPPER;

  /** The histograms keep three digits. */
  private static final Percentage DIGITS = Percentage.withPercentage(0.1);

  /** docs/KPIS.md has the words of the catalogue, in the same order. */
  @Test
  void the_document_has_every_kpi_with_its_own_words() throws IOException {
    assertThat(document("| name |"))
        .containsExactlyElementsOf(Arrays.stream(Kpi.values()).map(KpiTest::row).toList());
  }

  @Test
  void the_document_has_the_regression_rule_of_every_kpi_or_why_it_has_none() throws IOException {
    Map<Regression, String> names =
        Arrays.stream(Kpi.values())
            .collect(
                Collectors.groupingBy(
                    Kpi::regression,
                    LinkedHashMap::new,
                    Collectors.mapping(kpi -> "`" + kpi.word() + "`", Collectors.joining(" "))));
    assertThat(document("| KPIs |"))
        .containsExactlyElementsOf(
            names.entrySet().stream()
                .map(each -> "| " + each.getValue() + " | " + words(each.getKey()) + " |")
                .toList());
  }

  private static String words(Regression regression) {
    String tail = regression.rule().equals(regression.tailRule()) ? "" : regression.tailRule();
    return regression.rule().isEmpty()
        ? "not compared: " + regression.whyNot()
        : regression.rule() + (tail.isEmpty() ? "" : "; high percentiles: " + tail);
  }

  private static List<String> document(String header) throws IOException {
    return Files.readAllLines(Path.of("docs", "KPIS.md")).stream()
        .dropWhile(line -> !line.startsWith(header))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  private static String row(Kpi kpi) {
    return String.format(
        Locale.ROOT,
        "| `%s` | %s | %s | %s |",
        kpi.word(),
        kpi.unit(),
        kpi.direction().word(),
        kpi.definition().replace("|", "\\|"));
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
    "viewers_50.step_lag_p50, true",
    "step12.bids.cpu_cores, true",
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
    List<String> prefixes = Stages.among(figures);
    assertThat(prefixes).containsExactly("stage_5000.", "stage_100.", "stage_100_2.");
    assertThat(prefixes).extracting(Stages::label).containsExactly("5000", "100", "100_2");
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
               "value":155.4}}}
            """,
            KpiReport.class);
    assertThat(report.figures().get("llm.rss_max"))
        .isEqualTo(new Figure("MB", "lower", "largest", 155.4, null, null));
    assertThat(report.kpis().get("ttft").stat("p95")).hasValue(3.5);
    assertThat(report.kpis().get("ttft").stat("p99")).isEmpty();
    assertThat(report.counter("absent")).isZero();
  }

  @Test
  void the_names_in_the_file_are_pinned_and_an_interval_is_there_only_if_there_is_one() {
    JsonNode json = MAPPER.valueToTree(report());
    assertNames(
        json,
        "schema simulation profile kpis figures counters offered achieved absent unchecked shared");
    assertNames(
        json.at("/kpis/ttft"), "unit direction definition count min mean p50 p90 p95 p99 p999 max");
    assertThat(json.at("/kpis/ttft/p50").isNull()).isTrue();
    assertNames(json.at("/figures/goodput"), "unit direction definition value");
    assertNames(json.at("/figures/llm.fd_slope"), "unit direction definition value low high");
    assertThat(json.at("/figures/llm.fd_slope/low").asDouble()).isEqualTo(0.25);
  }

  private static void assertNames(JsonNode node, String names) {
    assertThat(node.fieldNames()).toIterable().containsExactly(names.split(" "));
  }

  @Test
  void values_are_reported_in_ms_with_the_words_of_the_catalogue() {
    Percentiles ttft = Percentiles.of(Kpi.TTFT, oneToMs(10_000), null);
    assertThat(ttft.unit()).isEqualTo("ms");
    assertThat(ttft.direction()).isEqualTo("lower");
    assertThat(ttft.definition()).isEqualTo(Kpi.TTFT.definition());
    assertThat(ttft.count()).isEqualTo(10_000);
    Map<String, Double> expected =
        Map.of(
            "min", 1.0, "mean", 5_000.5, "p50", 5_000.0, "p90", 9_000.0, "p95", 9_500.0, "p99",
            9_900.0, "p999", 9_990.0, "max", 10_000.0);
    expected.forEach(
        (stat, ms) -> assertThat(ttft.stat(stat).orElseThrow()).as(stat).isCloseTo(ms, DIGITS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ttft.stat("p98"))
        .withMessage("no statistic p98");
  }

  @ParameterizedTest
  @CsvSource({"p50, 20", "p90, 100", "p95, 200", "p99, 1000", "p999, 10000"})
  void a_percentile_with_one_sample_too_few_is_absent(String stat, int needed) {
    assertThat(Percentiles.of(Kpi.GAP, oneToMs(needed - 1), null).stat(stat)).isEmpty();
    assertThat(Percentiles.of(Kpi.GAP, oneToMs(needed), null).stat(stat)).isPresent();
  }

  @Test
  void nothing_measured_is_nothing_and_not_zero() {
    Percentiles none = Percentiles.of(Kpi.GAP, oneToMs(0), null);
    assertThat(none.count()).isZero();
    assertThat(none.min()).isNull();
    assertThat(none.max()).isNull();
    assertThat(none.stat("mean")).isEmpty();
  }

  /** The values 1 ms, 2 ms … */
  private static Histogram oneToMs(int count) {
    Histogram histogram = new Histogram(1, Distribution.MAX_NS, 3);
    for (int ms = 1; ms <= count; ms++) {
      histogram.recordValue(ms * 1_000_000L);
    }
    return histogram;
  }

  private static KpiReport report() {
    return new KpiReport(
        JsonFile.SCHEMA,
        "SseBattleSimulation",
        "smoke",
        Map.of("ttft", Percentiles.of(Kpi.TTFT, oneToMs(1), null)),
        Map.of(
            "goodput",
            Figure.of(Kpi.GOODPUT, 99.5),
            Kpi.FD_SLOPE.of("llm"),
            Figure.of(Kpi.FD_SLOPE, new TheilSen(0.5, 0.25, 0.75))),
        Map.of("streams_started", 3L),
        Map.of("clients", 3.0),
        Map.of("clients", 3.0),
        Map.of(),
        Map.of(),
        Map.of());
  }
}
