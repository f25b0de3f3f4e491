package stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A real PostgreSQL with an empty database {@code postgres}, whose superuser {@code postgres} needs
 * no password. Its settings are PostgreSQL's own: every commit is synced to the disk. It refuses to
 * be run by root, who runs it all the same: see {@link Unprivileged}.
 */
public final class PostgresServer extends Server {
  private static final Duration INIT_BOUND = Duration.ofSeconds(60);

  private final Program program;
  private final Unprivileged user;
  private final Path data;
  private final Ports ports;

  private PostgresServer(Path folder, Program program, Unprivileged user, Ports ports) {
    super("postgres", folder.resolve("postgres.log"));
    this.program = program;
    this.user = user;
    this.data = folder.resolve("postgres");
    this.ports = ports;
  }

  /**
   * Starts one; its output is {@code postgres.log} and its data {@code postgres/} in the folder.
   *
   * @param folder is made if it is not there
   * @throws StackFailure if it does not get ready within 30 s; then no process is left
   */
  public static PostgresServer start(Path folder) {
    Path made = makeFolder(folder);
    return start(made, Host.here(), Unprivileged.on(made), Ports.FREE);
  }

  static PostgresServer start(Path folder, Host host, Unprivileged user, Ports ports) {
    ProgramCache cache = new ProgramCache(user.reachable(host.cache()));
    PostgresServer server =
        new PostgresServer(makeFolder(folder), PostgresProgram.find(host, cache), user, ports);
    server.initialise();
    server.begin();
    return server;
  }

  @Override
  Path data() {
    return data;
  }

  @Override
  Launch plan() {
    int port = ports.take(1).get(0);
    List<String> command =
        user.command(
            List.of(
                program.file().toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=" + LOOPBACK,
                // A socket's path has about 100 characters at most, and nobody needs one.
                "-c",
                "unix_socket_directories="));
    String url = "jdbc:postgresql://" + LOOPBACK + ":" + port + "/postgres?user=postgres";
    Probe probe = new PostgresProbe(url, Optional.of(data.toString()));
    return new Launch(URI.create(url), command, pid -> probe);
  }

  /** SIGTERM would wait until the last client has gone. */
  @Override
  void stop(ChildProcess running) {
    running.stopByInterrupt();
  }

  @Override
  public String version() {
    return program.version();
  }

  /** Once for a folder; data that is there is used again. */
  private void initialise() {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    user.makeOwnFolder(data);
    List<String> command =
        user.command(
            List.of(
                program.file().resolveSibling("initdb").toString(),
                "--pgdata=" + data,
                "--username=postgres",
                "--auth=trust",
                "--no-locale",
                "--encoding=UTF8",
                // Nothing is lost if the machine dies before the first start.
                "--no-sync"));
    try {
      Command.Ended ended = Command.run(data, INIT_BOUND, command);
      if (!ended.isFine()) {
        throw new StackFailure("PostgreSQL cannot set up " + data + ":\n" + ended.output());
      }
    } catch (IOException e) {
      throw new StackFailure("cannot run " + command.get(0) + ": " + e.getMessage(), e);
    }
  }
}
