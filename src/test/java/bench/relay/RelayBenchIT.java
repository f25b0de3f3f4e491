package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real chain, with tiny numbers: what is lost or not, never how fast. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class RelayBenchIT {
  private final StringWriter printed = new StringWriter();
  private final Set<Long> before = children();

  @Test
  void every_lane_carries_every_token_and_nothing_is_left_behind(@TempDir Path folder) {
    RelaySettings settings =
        RelaySettings.read(
            Map.of(
                "rates", "200",
                "duration", "1s",
                "warmup", "1s",
                "streams", "10",
                "tries", "1",
                "refine", "0",
                "limit", "60s"));
    RelayResult result =
        new RelayBench(
                settings, System::nanoTime, InstantSource.system(), new PrintWriter(printed, true))
            .run(folder);
    assertThat(result.isComplete()).isTrue();
    assertThat(result.lanes()).extracting(LaneResult::kind).containsExactly(LaneKind.values());
    assertThat(result.lanes())
        .allSatisfy(
            lane -> {
              Step step = lane.steps().get(0);
              assertThat(step.produced().sent()).isEqualTo(200);
              assertThat(step.heard().received()).isEqualTo(200);
              assertThat(step.heard().repeated()).isZero();
              assertThat(step.heard().unknown()).isZero();
              assertThat(step.heard().lag().p50()).isPositive();
              assertThat(step.cost().counted()).isEmpty();
            });
    assertThat(result.lanes().get(3).steps().get(0).cost().cpuS())
        .containsOnlyKeys("redis", "nats", "bridge", "adapter", "bench");
    assertThat(String.join("\n", result.text()))
        .contains("redis: producer, Redis, subscriber", "holds at tokens/s", "none found");
    assertThat(result.asMap()).containsKeys("lanes", "machine", "limit_ms");
    assertNothingIsLeft();
  }

  @Test
  void idle_streams_get_every_token_and_their_memory_is_told(@TempDir Path folder) {
    RelaySettings settings = RelaySettings.read(Map.of("idle", "40", "every", "400ms"));
    IdleResult result =
        new IdleBench(
                settings, System::nanoTime, InstantSource.system(), new PrintWriter(printed, true))
            .run(folder);
    assertThat(result.isComplete()).isTrue();
    assertThat(result.lanes())
        .extracting(IdleResult.Lane::kind)
        .containsExactly(LaneKind.CORE, LaneKind.DURABLE);
    assertThat(result.lanes())
        .allSatisfy(
            lane -> {
              assertThat(lane.heard().received()).isEqualTo(120);
              assertThat(lane.open().heapLiveBytes()).isPositive();
              assertThat(lane.open().rssBytes()).isPositive();
              assertThat(lane.open().openFds() - lane.before().openFds()).isEqualTo(40);
            });
    assertThat(String.join("\n", result.text())).contains("core, live heap", "per stream");
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    assertThat(before).containsAll(children());
  }

  private static Set<Long> children() {
    try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
      return children.map(ProcessHandle::pid).collect(Collectors.toSet());
    }
  }
}
