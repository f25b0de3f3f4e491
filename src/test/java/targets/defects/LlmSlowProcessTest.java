package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static targets.llm.RunningLlm.STREAM;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.llm.RunningLlm;

/** The trouble {@code slow} in a process of its own: CPU time is compared, never time. */
@Timeout(120)
class LlmSlowProcessTest {
  private static final int STREAMS = 100;
  private static final String LISTENING = "listening on ";

  @Test
  void at_100_percent_the_same_work_takes_about_twice_the_cpu() throws Exception {
    double right = cpuSeconds();
    double slow = cpuSeconds("--defect", "slow=100%");
    assertThat(slow / right).as("%.2f s against %.2f s", slow, right).isBetween(1.5, 4.0);
  }

  /** What a new process uses for the streams, its start not included. */
  private static double cpuSeconds(String... options) throws Exception {
    Process process = launch(options);
    try (BufferedReader out = process.inputReader()) {
      String url = url(out);
      HttpClient client = HttpClient.newHttpClient();
      double before = cpuSecondsSoFar(client, url);
      HttpRequest stream =
          HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
              .POST(HttpRequest.BodyPublishers.ofString(STREAM))
              .build();
      for (int number = 0; number < STREAMS; number++) {
        assertThat(client.send(stream, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
      return cpuSecondsSoFar(client, url) - before;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Process launch(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "gauntlet.Main"));
    command.addAll(List.of("serve", "llm", "--port", "0", "--tokens", "1000"));
    command.addAll(List.of("--duration", "0ms"));
    command.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String url(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains(LISTENING)) {
        return line.substring(line.indexOf(LISTENING) + LISTENING.length());
      }
    }
    throw new IOException("the server ended before it listened");
  }

  private static double cpuSecondsSoFar(HttpClient client, String url) throws Exception {
    HttpRequest metrics = HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
    String body = client.send(metrics, BodyHandlers.ofString()).body();
    return RunningLlm.json(body).at("/process/cpu_s").asDouble();
  }
}
