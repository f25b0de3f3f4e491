package bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes with small loads: every lane loses nothing and leaves no process. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class BenchIT {
  private final Set<Long> before = children();

  @TempDir Path folder;

  @Test
  void streams_pass_through_every_installed_proxy() throws Exception {
    String table =
        run("streams", "streams=10", "tokens=20", "duration=1500ms", "rampup=100ms", "rounds=1");
    assertThat(table).containsPattern("(?m)^direct +200 +0 +-").contains("added p50 us");
    assertThat(table).containsPattern("(?m)^gauntlet +200 +0 +[0-9.]+ +1.00 ");
    assertThat(children()).isEqualTo(before);
  }

  @Tag("defects")
  @Test
  void tokens_pass_through_the_relay() throws Exception {
    String table = run("relay", "receivers=10", "rates=200", "duration=1s", "limit=60s");
    assertThat(table).containsPattern("(?m)^core .* 0 .*adapter [0-9.]+.* yes$");
    assertThat(table).containsPattern("(?m)^durable .* 0 .*bridge [0-9.]+.* yes$");
    assertThat(children()).isEqualTo(before);
  }

  @Tag("defects") // Of the nightly build.
  @ParameterizedTest
  @CsvSource({"fanout, '" + Lanes.FANOUT + "'", "sse, '" + Lanes.SSE + "'"})
  void every_message_reaches_every_client(String comparison, String lanes) throws Exception {
    String table = run(comparison, "receivers=30", "rates=50", "duration=1s", "limit=60s");
    for (String lane : Lanes.installed(List.of(lanes.split(",", -1)), left -> {})) {
      assertThat(table).containsPattern("(?m)^" + lane + " .* 0 .* yes$");
    }
    assertThat(children()).isEqualTo(before);
  }

  @Tag("defects")
  @Test
  void idle_connections_are_weighed() throws Exception {
    String table = run("idle", "lanes=broadcast,core", "connections=100");
    assertThat(table).containsPattern("(?m)^broadcast +100 +0 ").contains("RSS bytes each");
    assertThat(table).containsPattern("(?m)^core +100 +0 ");
  }

  private String run(String... words) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Bench.run(List.of(words), folder, new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}
