package stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    try (Processes.Jvm parent = Processes.Jvm.start(folder, Parent.class, folder)) {
      List<ProcessHandle> servers =
          Stream.of(parent.line().split(" "))
              .map(Long::valueOf)
              .map(ProcessHandle::of)
              .map(each -> each.orElseThrow())
              .toList();
      assertThat(servers).hasSizeGreaterThan(4).allMatch(ProcessHandle::isAlive);
      List<ProcessHandle> guards =
          parent.process().children().filter(each -> !servers.contains(each)).toList();
      assertThat(guards).hasSizeGreaterThanOrEqualTo(4);
      parent.process().destroyForcibly();
      assertThat(Processes.end(END_BOUND, servers)).isTrue();
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
      List<Server> all = new ArrayList<>(List.of(redis, hub, leaf, postgres));
      if (Peer.Kind.NGINX.isInstalled()) {
        all.add(Peer.proxy(Peer.Kind.NGINX, hub.monitorUrl(), 10, folder));
      }
      redis.pause();
      postgres.pause();
      Processes.Jvm.printAndWait(
          all.stream()
              .flatMap(server -> Processes.family(server).stream())
              .map(each -> Long.toString(each.pid()))
              .collect(Collectors.joining(" ")));
    }
  }
}
