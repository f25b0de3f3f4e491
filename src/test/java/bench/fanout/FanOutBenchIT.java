package bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bench.Programs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import stack.StackFailure;

/** Real servers, with tiny numbers: what is lost or not, never how fast. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class FanOutBenchIT {
  private static final Programs INSTALLED = Programs.on("/usr/bin:/bin");

  private final StringWriter printed = new StringWriter();
  private final Set<Long> before = children();

  @Test
  void every_lane_passes_every_message_to_every_viewer(@TempDir Path folder) {
    String lanes = isNchanInstalled() ? LaneKind.words() : "ticker,broadcast,nats";
    FanOutResult result = bench(lanes, INSTALLED).run(folder);

    assertThat(result.isComplete()).as(printed.toString()).isTrue();
    assertThat(result.lanes()).hasSameSizeAs(lanes.split(",", -1));
    assertThat(result.lanes())
        .allSatisfy(
            lane -> {
              Arrivals.Summary heard = lane.steps().get(0).heard();
              assertThat(heard.expected()).isEqualTo(30 * 50);
              assertThat(heard.received()).isEqualTo(30 * 50);
              assertThat(heard.repeated()).isZero();
              assertThat(heard.gone()).isZero();
              assertThat(heard.lag().p50()).isPositive();
              assertThat(lane.after().rssBytes()).isPositive();
            });
    assertThat(result.lanes().get(0).steps().get(0).cost().cpuS())
        .containsOnlyKeys("nats", "ticker", "bench");
    assertThat(String.join("\n", result.text()))
        .contains("announcer, JetStream, broadcast, WebSockets", "KB/viewer: resident");
    assertThat(result.asMap()).containsKeys("lanes", "machine", "limit_ms");
    assertThat(children()).isEqualTo(before);
  }

  @Test
  void a_missing_nchan_is_told_with_what_to_do(@TempDir Path folder) {
    FanOutBench bench = bench("nchan", new Programs(List.of(folder)));
    assertThatThrownBy(() -> bench.run(folder))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("libnginx-mod-nchan")
        .hasMessageContaining("--lanes");
    assertThat(children()).isEqualTo(before);
  }

  private FanOutBench bench(String lanes, Programs programs) {
    FanOutSettings settings =
        FanOutSettings.read(
            Map.of(
                "lanes", lanes,
                "viewers", "30",
                "rates", "50",
                "duration", "1s",
                "warmup", "1s",
                "limit", "60s"));
    return new FanOutBench(
        settings,
        programs,
        System::nanoTime,
        InstantSource.system(),
        new PrintWriter(printed, true));
  }

  private static boolean isNchanInstalled() {
    try {
      return Nchan.find(INSTALLED).version().contains("nginx");
    } catch (StackFailure e) {
      return false;
    }
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}
