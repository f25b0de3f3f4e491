package stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * A real Redis. Every write is in its append-only file before it is acknowledged, so that kill and
 * restart lose nothing: {@code appendfsync no} hands each write to the system at once, where {@code
 * everysec} delays it by up to two seconds while a sync is in progress. Only a crash of the whole
 * machine could lose writes. No snapshots, no memory limit, no password.
 */
public final class RedisServer extends Server {
  private static final String NAME = "redis-server";

  private final IntSupplier ports;

  private RedisServer(Path folder, Program program, IntSupplier ports) {
    super("redis", program, folder);
    this.ports = ports;
  }

  /** Starts one; its output is {@code redis.log} and its data {@code redis/} in the folder. */
  public static RedisServer start(Path folder) {
    return start(folder, Host.here(), () -> freePorts(1).get(0));
  }

  static RedisServer start(Path folder, Host host, IntSupplier ports) {
    RedisServer server = new RedisServer(makeFolder(folder), program(host), ports);
    makeFolder(server.data());
    server.begin();
    return server;
  }

  @Override
  Launch plan() {
    int port = ports.getAsInt();
    URI url = local("redis", port);
    List<String> command =
        Stream.concat(
                Stream.of(program().file(), "--port", port, "--bind", LOOPBACK, "--dir", data()),
                Stream.of("--save", "", "--appendonly", "yes", "--appendfsync", "no"))
            .map(Object::toString)
            .toList();
    return new Launch(url, command, pid -> Probe.redis(url, OptionalLong.of(pid)));
  }

  /**
   * Finds redis-server: the binaries of the package embedded-redis, then the PATH. On Linux on
   * amd64 the package has two: one for glibc 2.34 and OpenSSL 3, and a static one of 32 bits.
   *
   * @throws StackFailure if none runs here; it lists the remedies
   */
  static Program program(Host host) {
    Program.Search search = new Program.Search(NAME, "--version");
    if (host.platform().isEmpty()) {
      search.failed("embedded-redis", "has none for " + host.described());
    }
    ProgramCache cache = new ProgramCache(host.cache());
    return host.platform().stream()
        .flatMap(platform -> platform.redisBuilds().stream())
        .map(build -> cache.unpacked(NAME, build, RedisServer::unpack).resolve(NAME))
        .flatMap(file -> search.tryOut(file).stream())
        .findFirst()
        .or(() -> search.onPath(host))
        .orElseThrow(
            () ->
                search.failure(
                    "name a running Redis by -Dredis.url=redis://host:6379",
                    "install redis-server so that it is on the PATH (Debian, Ubuntu: apt-get"
                        + " install redis-server; macOS: brew install redis)",
                    "run on " + Host.Platform.SUPPORTED));
  }

  private static void unpack(InputStream content, Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    Files.copy(content, file);
    ProgramCache.makeExecutable(file);
  }
}
