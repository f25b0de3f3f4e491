package bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@EnabledOnOs(OS.LINUX)
class ProxyBenchTest {
  private final StringWriter printed = new StringWriter();

  @Test
  void a_server_that_is_not_installed_is_named_and_left_out(@TempDir Path folder) {
    ProxyResult result = run(folder, new Programs(List.of()));
    assertThat(result.absent())
        .containsExactly(
            "nginx: not installed (apt install nginx-light), left out",
            "haproxy: not installed (apt install haproxy), left out");
    assertThat(result.legs()).extracting(Leg::lane).containsExactly("direct", "gauntlet");
    assertThat(result.isComplete()).isTrue();
    assertThat(String.join("\n", result.text()))
        .contains("nginx: not installed (apt install nginx-light), left out")
        .contains("direct ")
        .contains("ratio to gauntlet");
    assertThat(result.asMap()).containsKeys("lanes", "legs", "versions", "machine");
  }

  @Test
  void whatever_is_installed_carries_every_event_and_nothing_is_left_behind(@TempDir Path folder) {
    ProxyResult result = run(folder, Programs.on(System.getenv().getOrDefault("PATH", "")));
    assertThat(result.isComplete()).isTrue();
    assertThat(result.legs())
        .filteredOn(leg -> !leg.lane().equals(Lane.DIRECT))
        .allMatch(leg -> leg.cpuS().isPresent() && leg.rssBytes().orElse(0) > 0);
    try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
      List<Long> left = children.map(ProcessHandle::pid).toList();
      assertThat(result.lanes())
          .filteredOn(lane -> lane.pid().isPresent())
          .allMatch(lane -> !left.contains(lane.pid().getAsLong()));
    }
  }

  @Test
  void the_first_program_on_the_path_is_taken(@TempDir Path folder) {
    assertThat(new Programs(List.of(folder, Path.of("/bin"))).find("sh"))
        .contains(Path.of("/bin/sh"));
    assertThat(new Programs(List.of(folder)).find("sh")).isEmpty();
    assertThat(Programs.on(folder + "::/bin").folders())
        .startsWith(folder, Path.of("/bin"))
        .contains(Path.of("/usr/sbin"));
  }

  private ProxyResult run(Path folder, Programs programs) {
    BenchSettings settings =
        BenchSettings.read(
            Map.of(
                "streams", "10",
                "tokens", "20",
                "duration", "1500ms",
                "rampup", "100ms",
                "rounds", "1"));
    return new ProxyBench(
            settings, programs, Map.of(), System::nanoTime, new PrintWriter(printed, true))
        .run(folder);
  }
}
