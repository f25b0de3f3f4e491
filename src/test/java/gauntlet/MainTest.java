package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "serve --help",
        "serve llm --help",
        "token --help",
        "up --help",
        "report --help",
        "verdict --help",
        "accept --help",
        "history --help",
        "history add --help",
        "history show --help",
        "history page --help",
        "help serve",
      })
  void every_command_has_help(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: gauntlet");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--help |  0   done",
        "--help |  1   internal error",
        "--help |  2   an option is wrong, or a file or an address cannot be used",
        "verdict --help | 0   PASS or WARN;",
        "verdict --help | such as 'ttft.p99 warn 20 % fail",
        "serve llm --help | tokens of a stream (default: 163)",
        "serve llm --help | --parent=PID",
        "--version | gauntlet ",
      })
  void help_names_exit_codes_and_defaults(String line, String text) {
    run(line.split(" ", -1));
    assertThat(out.toString()).contains(text);
  }

  @ParameterizedTest
  @CsvSource({
    "sevre, sevre",
    "serve lm, lm",
    "serve, Missing the target's name",
    "serve llm --tokns 5, --tokns"
  })
  void an_unknown_or_missing_word_is_refused(String line, String named) {
    assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(named).doesNotContain("\tat ");
  }

  @Test
  void no_command_shows_the_usage() {
    assertThat(run()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: gauntlet", "serve", "up", "report");
  }

  @Test
  void all_wrong_values_are_reported_at_once() {
    assertThat(run("serve", "llm", "--port", "x", "--tokens", "y")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines())
        .containsExactly(
            "--port: 'x' is not a whole number from 0 to 65535",
            "--tokens: 'y' is not a whole number from 1 to 100000",
            "Nothing was done. 'gauntlet serve llm --help' lists every option.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_port_in_use_is_an_error_with_its_remedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      assertThat(run("serve", "llm", "--port", port)).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString())
          .startsWith("--port: cannot listen on 127.0.0.1:" + port)
          .contains("choose another port, 0 for any")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void a_parent_that_does_not_exist_starts_nothing() {
    assertThat(run("serve", "llm", "--port", "0", "--parent", "999999999"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--parent: no process has the number 999999999");
    assertThat(out.toString()).doesNotContain("listening");
  }

  @Test
  void a_report_of_a_folder_without_a_run_is_refused(@TempDir Path folder) {
    assertThat(run("report", folder.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .startsWith(folder + " is not a complete run folder: it has no manifest.json. Runs are in")
        .doesNotContain("\tat ");
  }

  private int run(String... args) {
    return Main.run(Terminal.NONE, new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
