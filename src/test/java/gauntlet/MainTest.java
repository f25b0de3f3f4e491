package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "serve --help",
        "serve llm --help",
        "token --help",
        "up --help",
        "report --help",
        "export --help",
        "verdict --help",
        "accept --help",
        "history --help",
        "history add --help",
        "history show --help",
        "history page --help",
        "help serve",
      })
  void every_command_has_help(String line) {
    CommandLineRun run = run(line).ending(ExitCode.OK);
    assertThat(run.out()).contains("Usage: gauntlet");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--help |  0   done",
        "--help |  1   internal error",
        "--help |  2   an option is wrong, or a file or an address cannot be used;",
        "verdict --help | 4   a verdict: INCONCLUSIVE",
        "verdict --help | 'ttft.p99 warn 20 % fail 50 %'",
        "serve llm --help | tokens of a stream (default: 163)",
        "serve llm --help | --parent=PID",
        "compare --help | compare RUN... --with RUN...",
        "--version | gauntlet ",
      })
  void help_names_exit_codes_and_defaults(String line, String text) {
    assertThat(run(line).out()).contains(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sevre | sevre",
        "serve lm | lm",
        "serve | Missing the target's name",
        "serve llm --tokns 5 | --tokns",
        "serve llm --port 0 --parent 999999999 | --parent: no process has the number 999999999",
        "up --redis=http://a | --redis: 'http://a' is not an address such as redis://127.0.0.1",
        "up --nats=x | --nats: 'x' is not an address such as nats://127.0.0.1:4222",
        "report src | src is not a complete run folder: it has no manifest.json. Runs are in",
      })
  void a_wrong_or_missing_word_is_refused_and_nothing_starts(String line, String named) {
    assertThat(run(line).refused(named).out()).doesNotContain("listening");
  }

  @Test
  void no_command_shows_the_usage() {
    CommandLineRun run = CommandLineRun.of().ending(ExitCode.OK);
    assertThat(run.out()).contains("Usage: gauntlet", "serve", "up", "report");
  }

  @Test
  void all_wrong_values_are_reported_at_once() {
    CommandLineRun run = run("serve llm --port x --tokens y").ending(ExitCode.USAGE);
    assertThat(run.err().lines())
        .containsExactly(
            "--port: 'x' is not a whole number from 0 to 65535",
            "--tokens: 'y' is not a whole number from 1 to 100000",
            "Nothing was done. 'gauntlet serve llm --help' lists every option.");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void a_port_in_use_is_an_error_with_its_remedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandLineRun run = run("serve llm --port " + taken.getLocalPort()).ending(ExitCode.USAGE);
      assertThat(run.err())
          .startsWith("--port: cannot listen on 127.0.0.1:" + taken.getLocalPort())
          .contains("choose another port, 0 for any")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void a_default_port_in_use_names_its_target_and_the_option_of_up() throws IOException {
    String servers =
        " --redis redis://127.0.0.1:9 --nats nats://127.0.0.1:9"
            + " --postgres jdbc:postgresql://127.0.0.1:9/bids";
    try (ServerSocket taken = new ServerSocket(10_081, 1, InetAddress.getLoopbackAddress())) {
      CommandLineRun run = run("up" + servers).refused("serve llm --port: cannot listen on");
      assertThat(run.err()).contains(taken.getLocalPort() + " (", "; with --free-ports each");
    }
  }

  private static CommandLineRun run(String line) {
    return CommandLineRun.of((Object[]) line.split(" ", -1));
  }
}
