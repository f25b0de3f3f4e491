package simulations.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import org.junit.jupiter.api.Test;
import testing.Programs;

class LiveMetricsTest {
  private static final String RUN = "profile=\"smoke\",simulation=\"SseBattleSimulation\"";

  @Test
  void names_come_from_the_catalogue_and_values_are_in_base_units() {
    assertThat(text(SampleFigures.at(12.5)).lines())
        .contains(
            "gauntlet_elapsed_seconds{" + RUN + "} 12.5",
            "gauntlet_users{" + RUN + "} 12.0",
            "gauntlet_event_rate{" + RUN + "} 2000.5",
            "gauntlet_events_total{phase=\"measure\"," + RUN + "} 2000.0",
            "gauntlet_streams_ended_total{outcome=\"reset\",phase=\"measure\"," + RUN + "} 1.0",
            "gauntlet_success_rate_ratio{" + RUN + "} 0.975",
            "gauntlet_rss_max_bytes{process=\"llm\"," + RUN + "} 1.55E8",
            "gauntlet_process_cpu_seconds_total{process=\"injector\"," + RUN + "} 9.0",
            "gauntlet_process_up{process=\"proxy\"," + RUN + "} 0.0",
            "gauntlet_verdict{" + RUN + ",verdict=\"PASS\"} 1.0",
            "gauntlet_verdict{" + RUN + ",verdict=\"FAIL\"} 0.0",
            "gauntlet_gap_seconds_count{phase=\"measure\"," + RUN + "} 2000",
            "# HELP gauntlet_gap_seconds So far: every gap between two neighbouring events of a"
                + " stream with such content.",
            "# TYPE gauntlet_gap_seconds summary")
        .anyMatch(line -> line.matches("gauntlet_gap_seconds\\{.*quantile=\"0.5\"} 0\\.00100.*"))
        .anyMatch(
            line -> line.matches("gauntlet_gap_last_seconds\\{percentile=\"99\".* 0\\.0019.*"));
  }

  @Test
  void what_is_not_known_is_absent_and_never_0() {
    assertThat(text(SampleFigures.at(1)))
        .doesNotContain("gauntlet_ttft", "quantile=\"0.9999\"", "stage_100")
        .doesNotContain("gauntlet_process_cpu_cores{process=\"proxy\"");
  }

  @Test
  void labels_and_help_are_escaped() {
    assertThat(text(SampleFigures.of(1, "a\"b\\c\nd", "", false)))
        .contains("profile=\"a\\\"b\\\\c\\nd\"");
  }

  @Test
  void open_metrics_has_units_and_an_end() {
    assertThat(
            OpenMetricsTextFormatWriter.create().toDebugString(LiveMetrics.of(SampleFigures.at(1))))
        .contains("# UNIT gauntlet_gap_seconds seconds\n")
        .endsWith("# EOF\n");
  }

  @Test
  void promtool_has_nothing_to_remark() throws Exception {
    Process promtool =
        new ProcessBuilder(Programs.required("promtool"), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (var in = promtool.getOutputStream()) {
      in.write(text(SampleFigures.at(1)).getBytes(UTF_8));
    }

    assertThat(new String(promtool.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }

  private static String text(LiveFigures figures) {
    return PrometheusTextFormatWriter.create().toDebugString(LiveMetrics.of(figures));
  }
}
