package stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * Where redis-server comes from: the binaries of the package embedded-redis, unpacked into the
 * cache, then the PATH. On Linux on amd64 the package has two: one that needs glibc 2.34 and
 * OpenSSL 3, and for older systems, and those with another C library, a static one of 32 bits.
 */
final class RedisProgram {
  private static final String NAME = "redis-server";
  private static final List<String> WAYS_OUT =
      List.of(
          "name a running Redis by -Dredis.url=redis://host:6379",
          "install "
              + NAME
              + " so that it is on the PATH (Debian, Ubuntu: apt-get install"
              + " redis-server; macOS: brew install redis)",
          "run on " + Platform.SUPPORTED);

  private RedisProgram() {}

  /**
   * The first that runs here.
   *
   * @throws StackFailure if none does; it names every way out
   */
  static Program find(Host host) {
    Search search = new Search(NAME);
    if (host.platform().isEmpty()) {
      search.failed("embedded-redis", "has none for " + host.described());
    }
    ProgramCache cache = new ProgramCache(host.cache());
    for (Packaged build : host.platform().map(RedisProgram::builds).orElse(List.of())) {
      Optional<Program> packaged =
          search.tryOut(cache.unpacked(NAME, build, folder -> unpack(build, folder)).resolve(NAME));
      if (packaged.isPresent()) {
        return packaged.get();
      }
    }
    Optional<Path> onPath = host.find(NAME);
    if (onPath.isEmpty()) {
      search.failed("PATH", "none");
    }
    return onPath.flatMap(search::tryOut).orElseThrow(() -> search.failure(WAYS_OUT));
  }

  /** Those of the package that may run on a platform, the best first. */
  static List<Packaged> builds(Platform platform) {
    Map<OsArchitecture, String> names = ExecutableProvider.newProvidedVersionsMap();
    Stream<OsArchitecture> fitting =
        switch (platform) {
          case LINUX_AMD64 -> Stream.of(OsArchitecture.UNIX_x86_64, OsArchitecture.UNIX_x86);
          case LINUX_ARM64 -> Stream.of(OsArchitecture.UNIX_AARCH64);
          case MAC_AMD64 -> Stream.of(OsArchitecture.MAC_OS_X_x86_64);
          case MAC_ARM64 -> Stream.of(OsArchitecture.MAC_OS_X_ARM64);
        };
    return fitting.map(names::get).map(Packaged::new).toList();
  }

  private static void unpack(Packaged build, Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    try (InputStream content = build.open()) {
      Files.copy(content, file);
    }
    Archive.setExecutable(file, true);
  }
}
