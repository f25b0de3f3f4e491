package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real target processes: how they get ready, and each way in which they end. */
@Timeout(60)
class TargetProcessTest {
  private static final Duration READY = Duration.ofSeconds(30);
  private static final int END_BOUND_S = 20;
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir Path folder;

  @Test
  void a_target_gets_ready_answers_and_is_gone_after_close() throws Exception {
    TargetProcess llm = launch().awaitReady();
    ProcessHandle handle = Processes.of(llm);
    try {
      assertThat(llm.name()).isEqualTo("llm");
      assertThat(llm.url().getHost()).isEqualTo("127.0.0.1");
      assertThat(llm.url().getPort()).isPositive();
      assertThat(health(llm.url())).isEqualTo(200);
      assertThat(handle.isAlive()).isTrue();
      var died = llm.diedByItself();

      llm.close();

      assertThat(handle.isAlive()).isFalse();
      assertThat(died).isNotDone();
      assertThat(log()).contains("gauntlet llm drained");
    } finally {
      handle.destroyForcibly();
    }
  }

  @Test
  void a_wrong_option_is_reported_in_the_targets_own_words_and_leaves_no_process() {
    TargetProcess llm = launch("--tokens", "many");
    ProcessHandle handle = Processes.of(llm);

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(llm::awaitReady)
        .withMessageStartingWith("llm ended with exit code 2 instead of getting ready:")
        .withMessageContaining("--tokens: 'many' is not a whole number from 1 to 100000");
    assertThat(handle.isAlive()).isFalse();
  }

  @Test
  void a_target_that_takes_too_long_is_stopped() {
    TargetProcess llm = TargetProcess.launch(spec(folder.resolve("llm.log"), Duration.ZERO));
    ProcessHandle handle = Processes.of(llm);

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(llm::awaitReady)
        .withMessageStartingWith("llm did not get ready within 0 s:");
    assertThat(handle.isAlive()).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_target_that_is_killed_has_died_by_itself() throws Exception {
    try (TargetProcess llm = launch().awaitReady()) {
      var died = llm.diedByItself();

      Processes.of(llm).destroyForcibly();

      assertThat(died.get(END_BOUND_S, TimeUnit.SECONDS)).isEqualTo(137);
    }
  }

  @Test
  void a_target_that_we_pause_resume_and_kill_has_not_died_by_itself() throws Exception {
    try (TargetProcess llm = launch().awaitReady()) {
      ProcessHandle handle = Processes.of(llm);
      var died = llm.diedByItself();

      llm.pause();
      assertThatExceptionOfType(HttpTimeoutException.class)
          .isThrownBy(() -> health(llm.url(), Duration.ofMillis(200)));
      llm.resume();
      assertThat(health(llm.url())).isEqualTo(200);
      llm.kill();

      assertThat(handle.isAlive()).isFalse();
      assertThat(died).isNotDone();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_target_ends_itself_when_the_process_that_started_it_is_killed() throws Exception {
    try (Processes.Jvm parent =
        Processes.Jvm.start(folder, Parent.class, folder.resolve("llm.log"))) {
      ProcessHandle child = ProcessHandle.of(Long.parseLong(parent.line())).orElseThrow();
      parent.process().destroyForcibly();
      assertThat(Processes.end(Duration.ofSeconds(END_BOUND_S), List.of(child))).isTrue();
    }
  }

  /** Starts a target, prints its number, and waits. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      TargetProcess llm = TargetProcess.launch(spec(Path.of(args[0]), READY)).awaitReady();
      Processes.Jvm.printAndWait(Long.toString(llm.pid()));
    }
  }

  private TargetProcess launch(String... options) {
    return TargetProcess.launch(spec(folder.resolve("llm.log"), READY, options));
  }

  private static TargetProcess.Spec spec(Path log, Duration readyWithin, String... options) {
    List<String> all = List.of(options);
    return new TargetProcess.Spec("llm", "llm", "gauntlet.Main", SMALL, all, log, readyWithin);
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("llm.log"));
  }

  private static int health(URI url) throws Exception {
    return health(url, READY);
  }

  private static int health(URI url, Duration bound) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(url.resolve("/health")).timeout(bound).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
