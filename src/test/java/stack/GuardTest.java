package stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of servers when the JVM that started them is killed: nothing. */
@Timeout(120)
class GuardTest {
  private static final Duration END_BOUND = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void servers_end_with_the_process_that_started_them_even_paused_ones() throws Exception {
    Process parent = start(Parent.class, folder.toString());
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      String pids = output.readLine();
      assertThat(pids).as(Files.readString(folder.resolve("parent.log"))).isNotNull();
      List<ProcessHandle> servers =
          Stream.of(pids.split(" "))
              .map(Long::valueOf)
              .map(ProcessHandle::of)
              .map(each -> each.orElseThrow())
              .toList();
      assertThat(servers).hasSizeGreaterThan(4).allMatch(ProcessHandle::isAlive);
      List<ProcessHandle> guards =
          parent.children().filter(each -> !servers.contains(each)).toList();
      assertThat(guards).hasSize(4);

      parent.destroyForcibly();

      assertThat(Processes.end(END_BOUND, servers)).isTrue();
      assertThat(Processes.end(END_BOUND, guards)).isTrue();
    } finally {
      parent.destroyForcibly();
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
  void a_guard_that_is_released_kills_nobody() throws Exception {
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

  private Process start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName()),
                Stream.of(arguments))
            .toList();
    return new ProcessBuilder(command).redirectError(folder.resolve("parent.log").toFile()).start();
  }

  /** A process that starts one of each, says their numbers, and waits to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      RedisServer redis = RedisServer.start(folder);
      NatsServer hub = NatsServer.hub(folder);
      NatsServer leaf = NatsServer.leaf(folder, hub);
      PostgresServer postgres = PostgresServer.start(folder);
      redis.pause();
      postgres.pause();
      String pids =
          Stream.of(redis, hub, leaf, postgres)
              .flatMap(server -> Processes.family(server).stream())
              .map(each -> Long.toString(each.pid()))
              .collect(Collectors.joining(" ", "", "\n"));
      try (var out = new FileOutputStream(FileDescriptor.out)) {
        out.write(pids.getBytes(StandardCharsets.UTF_8));
      }
      int end = System.in.read();
      assertThat(end).isEqualTo(-1);
    }
  }
}
