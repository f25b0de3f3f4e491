package simulations.breaking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kpi.CpuTime;
import kpi.MetricsSource;
import org.junit.jupiter.api.Test;

class CpuReadingTest {
  private static final long S = 1_000_000_000;

  @Test
  void the_cores_of_a_step_are_those_between_its_own_ends() {
    CpuReading begin = new CpuReading(S, cpu(10), Map.of("bids", 3.0, "redis", 9.0, "nats", 1.0));
    CpuReading end = new CpuReading(3 * S, cpu(11), Map.of("bids", 5.0, "redis", 0.5, "llm", 7.0));

    assertThat(end.cores(begin)).isEqualTo(Map.of("bids", 1.0));
    assertThat(end.machineCores(begin)).isCloseTo(1.5, within(1e-9));
    CpuTime ofQuota = new CpuTime(0, 0, 1.5);
    assertThat(new CpuReading(S, Optional.of(ofQuota), Map.of()).cpus()).isEqualTo(1.5);
    CpuReading unknown = new CpuReading(3 * S, Optional.empty(), Map.of());
    assertThat(unknown.machineCores(begin)).isNegative();
  }

  @Test
  void a_process_that_does_not_report_its_cpu_time_is_left_out() throws Exception {
    List<MetricsSource> sources =
        List.of(source("bids", "{\"process\": {\"cpu_s\": 2.5}}"), source("own", "{}"));

    CpuReading reading = CpuReading.begin(sources, () -> 7).join();

    assertThat(reading.cpuS()).isEqualTo(Map.of("bids", 2.5));
    assertThat(reading.atNs()).isEqualTo(7);
  }

  private static Optional<CpuTime> cpu(double idleS) {
    return Optional.of(new CpuTime(idleS, 0, 2));
  }

  private static MetricsSource source(String process, String json) throws Exception {
    JsonNode answer = new ObjectMapper().readTree(json);
    return new MetricsSource(process, () -> CompletableFuture.completedFuture(answer));
  }
}
