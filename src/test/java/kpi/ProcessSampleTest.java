package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessSampleTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void a_bundled_process_has_every_figure() {
    JsonNode own = MAPPER.valueToTree(ProcessFigures.now());
    ProcessSample sample = ProcessSample.of(own, null, 0);

    assertThat(sample.cpuS()).isPositive();
    assertThat(sample.heapBytes()).isPositive();
    assertThat(sample.heapLiveBytes()).isEqualTo(own.path("heap_live_bytes").asLong());
    assertThat(sample.directBytes()).isNotNegative();
    assertThat(sample.gcCount()).isNotNegative();
    assertThat(sample.threads()).isPositive();
  }

  @Test
  void a_figure_that_a_foreign_service_lacks_is_unknown() throws IOException {
    ProcessSample sample =
        ProcessSample.of(MAPPER.readTree("{\"rss_bytes\":64000000,\"open_fds\":12}"), null, 0);

    assertThat(sample.rssBytes()).isEqualTo(64_000_000);
    assertThat(sample.openFds()).isEqualTo(12);
    assertThat(sample.heapBytes()).isZero();
    assertThat(sample.heapLiveBytes()).isEqualTo(ProcessFigures.UNKNOWN);
    assertThat(sample.directBytes()).isEqualTo(ProcessFigures.UNKNOWN);
    assertThat(sample.gcCount()).isEqualTo(ProcessFigures.UNKNOWN);
  }

  @Test
  void cores_are_cpu_seconds_by_elapsed_seconds() throws IOException {
    ProcessSample first = ProcessSample.of(block(1.0, 0.1), null, 0);
    ProcessSample second = ProcessSample.of(block(2.5, 0.15), first, 3);
    ProcessSample restarted = ProcessSample.of(block(0.1, 0), second, 1);

    assertThat(first.cpuCores()).isZero();
    assertThat(second.cpuCores()).isEqualTo(0.5);
    assertThat(second.gcPauseMs()).isCloseTo(50, within(1e-6));
    assertThat(restarted.cpuCores()).isZero();
  }

  @Test
  void the_names_in_samples_are_pinned() throws IOException {
    assertThat(MAPPER.<JsonNode>valueToTree(ProcessSample.of(block(1, 0), null, 0)).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "cpu_s",
            "cpu_cores",
            "rss_bytes",
            "heap_bytes",
            "heap_live_bytes",
            "direct_bytes",
            "gc_count",
            "gc_pause_ms",
            "open_fds",
            "threads");
  }

  private static JsonNode block(double cpuS, double gcPauseS) throws IOException {
    return MAPPER.readTree("{\"cpu_s\":" + cpuS + ",\"gc_pause_s\":" + gcPauseS + "}");
  }
}
