package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static stack.Processes.assertFails;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import testing.Await;

/** How targets get ready and end, and that no process outlives a JVM that is killed. */
@Timeout(120)
class ManagedProcessTest {
  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration END_BOUND = Duration.ofSeconds(20);
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir Path folder;

  @Test
  void a_target_gets_ready_answers_and_is_gone_after_close() throws Exception {
    TargetProcess llm = launch().awaitReady();
    ProcessHandle handle = Processes.of(llm);
    assertThat(llm.name()).isEqualTo("llm");
    assertThat(llm.url()).hasHost("127.0.0.1");
    assertThat(health(llm, READY)).isEqualTo(200);
    var died = llm.diedByItself();
    llm.close();
    assertThat(handle.isAlive()).isFalse();
    assertThat(died).isNotDone();
    assertThat(folder.resolve("llm.log")).content().contains("gauntlet llm drained");
  }

  @Test
  void a_wrong_option_is_reported_in_the_targets_own_words_and_leaves_no_process() {
    TargetProcess llm = launch("--tokens", "many");
    ProcessHandle handle = Processes.of(llm);
    assertFails(llm::awaitReady)
        .withMessageStartingWith("llm ended with exit code 2 instead of getting ready:")
        .withMessageContaining("--tokens: 'many' is not a whole number from 1 to 100000");
    assertThat(handle.isAlive()).isFalse();
  }

  @Test
  void a_target_that_takes_too_long_is_stopped() {
    TargetProcess llm = TargetProcess.launch(spec(folder.resolve("llm.log"), Duration.ZERO));
    ProcessHandle handle = Processes.of(llm);
    assertFails(llm::awaitReady).withMessageStartingWith("llm did not get ready within 0 s:");
    assertThat(handle.isAlive()).isFalse();
  }

  @Test
  void a_target_that_we_pause_resume_and_kill_has_not_died_by_itself() throws Exception {
    try (TargetProcess llm = launch().awaitReady()) {
      ProcessHandle handle = Processes.of(llm);
      var died = llm.diedByItself();
      llm.pause();
      assertThatExceptionOfType(HttpTimeoutException.class)
          .isThrownBy(() -> health(llm, Duration.ofMillis(200)));
      llm.resume();
      assertThat(health(llm, READY)).isEqualTo(200);
      llm.kill();
      assertThat(handle.isAlive()).isFalse();
      assertThat(died).isNotDone();
    }
  }

  @Test
  void the_time_of_day_of_a_target_is_stepped_and_stepped_back() throws Exception {
    try (TargetProcess llm = launch().awaitReady()) {
      llm.shiftClock(Duration.ofHours(-2));
      assertThat(time(llm)).isBefore(Instant.now().minus(Duration.ofHours(1)));
      llm.shiftClock(Duration.ofMinutes(90));
      assertThat(time(llm)).isAfter(Instant.now().plus(Duration.ofHours(1)));
      llm.shiftClock(Duration.ZERO);
      assertThat(time(llm)).isBeforeOrEqualTo(Instant.now());
    }
  }

  private static Instant time(TargetProcess target) throws IOException {
    String page = Probe.get(target.url().resolve("/metrics"), READY).body();
    return Instant.parse(page.replaceAll("(?s).*\"timestamp\"\\s*:\\s*\"([^\"]+)\".*", "$1"));
  }

  @Test
  void a_small_disk_is_unmounted_when_the_jvm_that_mounted_it_is_killed() throws Exception {
    Path disk = folder.resolve("disk");
    assumeThatCode(() -> SmallDisk.at(disk).close()).doesNotThrowAnyException();
    try (Processes.Jvm parent = Processes.Jvm.start(folder, DiskParent.class, disk)) {
      assertThat(parent.line()).isEqualTo("mounted");
      assertThat(Files.getFileStore(disk).type()).isEqualTo("tmpfs");
      parent.process().destroyForcibly();
      Await.until(() -> !disk.resolve("filler").toFile().exists());
    }
  }

  /** Mounts a disk and fills it, and waits. */
  static final class DiskParent {
    private DiskParent() {}

    public static void main(String[] args) throws IOException {
      SmallDisk.at(Path.of(args[0])).fill();
      Processes.Jvm.printAndWait("mounted");
    }
  }

  @Test
  void a_target_that_gets_sigterm_is_gone_within_a_bound_and_starts_again_at_its_port()
      throws Exception {
    try (TargetProcess llm = launch().awaitReady()) {
      URI url = llm.url();
      var died = llm.diedByItself();
      assertThat(llm.isGone(Duration.ZERO)).isFalse();
      llm.terminate();
      llm.terminate();
      assertThat(llm.isGone(END_BOUND)).isTrue();
      llm.restart();
      assertThat(llm.url()).isEqualTo(url);
      assertThat(health(llm, READY)).isEqualTo(200);
      assertThat(died).isNotDone();
    }
  }

  @Test
  void servers_and_targets_end_with_the_jvm_that_started_them_even_when_paused() throws Exception {
    try (Processes.Jvm parent = Processes.Jvm.start(folder, Parent.class, folder)) {
      List<ProcessHandle> started =
          Stream.of(parent.line().split(" "))
              .map(Long::valueOf)
              .map(ProcessHandle::of)
              .map(each -> each.orElseThrow())
              .toList();
      assertThat(started).hasSizeGreaterThan(5).allMatch(ProcessHandle::isAlive);
      assertThat(started)
          .map(Processes::group)
          .doesNotContain(Processes.group(parent.process().toHandle()));
      List<ProcessHandle> guards =
          parent.process().children().filter(each -> !started.contains(each)).toList();
      assertThat(guards).hasSizeGreaterThanOrEqualTo(4);
      parent.process().destroyForcibly();
      assertThat(Processes.end(END_BOUND, started)).isTrue();
      assertThat(Processes.end(END_BOUND, guards)).isTrue();
    }
  }

  @Test
  void a_process_whose_guard_never_let_it_go_ends_by_itself() throws Exception {
    Path trace = folder.resolve("trace");
    Process waiting = new ProcessBuilder(Guard.waiting(List.of("touch", trace.toString()))).start();
    waiting.getOutputStream().close();
    assertThat(waiting.waitFor(END_BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(waiting.exitValue()).isNotZero();
    assertThat(trace).doesNotExist();
  }

  @Test
  void a_released_guard_kills_no_process() throws Exception {
    Process bystander = new ProcessBuilder("cat").start();
    try {
      Guard guard = Guard.start();
      guard.watch(List.of(bystander.pid()));
      guard.end();
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  /** Starts one of each, prints their numbers, and waits. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      RedisServer redis = RedisServer.start(folder);
      NatsServer hub = NatsServer.hub(folder);
      NatsServer leaf = NatsServer.leaf(folder, hub);
      PostgresServer postgres = PostgresServer.start(folder);
      TargetProcess llm = TargetProcess.launch(spec(folder.resolve("llm.log"), READY)).awaitReady();
      List<ManagedProcess> all = new ArrayList<>(List.of(redis, hub, leaf, postgres, llm));
      if (Peer.Kind.NGINX.isInstalled()) {
        all.add(Peer.proxy(Peer.Kind.NGINX, List.of(hub.monitorUrl()), 10, folder));
      }
      redis.pause();
      postgres.pause();
      Processes.Jvm.printAndWait(
          all.stream()
              .flatMap(each -> Processes.family(each).stream())
              .map(each -> Long.toString(each.pid()))
              .collect(Collectors.joining(" ")));
    }
  }

  private TargetProcess launch(String... options) {
    return TargetProcess.launch(spec(folder.resolve("llm.log"), READY, options));
  }

  private static TargetProcess.Spec spec(Path log, Duration readyWithin, String... options) {
    List<String> all = List.of(options);
    return new TargetProcess.Spec("llm", "llm", SMALL, all, log, readyWithin);
  }

  private static int health(TargetProcess target, Duration bound) throws IOException {
    return Probe.get(target.url().resolve("/health"), bound).statusCode();
  }
}
