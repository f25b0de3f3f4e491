package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import targets.shared.Backends;
import targets.shared.RunningTarget;
import testing.Await;

/** {@code up} with the servers that it starts, ended by a real signal as Ctrl-C sends it. */
@Timeout(180)
class UpIT {
  private static final Pattern ADDRESS = Pattern.compile("^(\\S+) +(?:jdbc:)?([a-z]+://\\S+)");

  /** curl's codes for success, and for a stream that was cut off after a while. */
  private static final List<Integer> ANSWERED = List.of(0, 28);

  @Test
  void every_target_is_ready_every_example_works_and_ctrl_c_stops_all(@TempDir Path folder)
      throws Exception {
    Process up = start(Files.createDirectory(folder.resolve("it's \"my\" folder")));
    List<String> table = table(up);
    List<ProcessHandle> servers = up.descendants().toList();
    try {
      List<URI> addresses =
          table.stream()
              .flatMap(line -> ADDRESS.matcher(line).results())
              .map(found -> URI.create(found.group(2)))
              .toList();
      assertThat(addresses).hasSize(3 + Targets.ALL.size());
      List<URI> http =
          addresses.stream().filter(address -> address.getScheme().equals("http")).toList();
      http.stream()
          .map(address -> HttpRequest.newBuilder(address.resolve("/health")))
          .forEach(health -> Await.until(() -> RunningTarget.send(health).statusCode() == 200));
      for (URI address : http) {
        assertThat(Backends.text(address.resolve("/metrics/prometheus"))).matches("\\p{ASCII}+");
        assertThat(Backends.metrics(address).isObject()).isTrue();
      }
      Map<String, Process> examples = new LinkedHashMap<>();
      for (String line : table) {
        if (line.contains("curl ")) {
          String example = line.substring(line.indexOf("curl ")).replace("curl ", "curl -sSfm4 ");
          examples.put(example, quiet("sh", "-c", example));
        }
      }
      for (Map.Entry<String, Process> example : examples.entrySet()) {
        assertThat(example.getValue().waitFor()).as(example.getKey()).isIn(ANSWERED);
      }
      assertThat(servers).hasSizeGreaterThanOrEqualTo(3);
      assertThat(quiet("kill", "-INT", String.valueOf(up.pid())).waitFor()).isZero();
      assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
      Await.until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      up.destroyForcibly();
      servers.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Ctrl-C works even if this build was started with the signal ignored. */
  private static Process start(Path temporary) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    String folder = "-Djava.io.tmpdir=" + temporary;
    // Where %d has other digits, unless a locale is given.
    String locale = "-Duser.language=ar";
    String main = Main.class.getName();
    List<String> command =
        new ArrayList<>(List.of("env", "--default-signal=INT", java, folder, locale));
    command.addAll(List.of("-Duser.country=EG", "-cp", classes, main, "up", "--free-ports"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Reads until everything is started. */
  private static List<String> table(Process up) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = "";
    while (line != null && !line.startsWith("Ctrl-C")) {
      line = up.inputReader().readLine();
      lines.add(String.valueOf(line));
    }
    return lines;
  }

  private static Process quiet(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
