package stack;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A real Redis. Every write is in its append-only file before it is acknowledged, so that kill and
 * restart lose nothing: {@code appendfsync no} hands each write to the system at once, where {@code
 * everysec} holds it back for up to two seconds while a sync is under way. Only a crash of the
 * whole machine could lose writes. No snapshots, no limit of memory, no password.
 */
public final class RedisServer extends Server {
  private final Program program;
  private final Path data;
  private final Ports ports;

  private RedisServer(Path folder, Program program, Ports ports) {
    super("redis", folder.resolve("redis.log"));
    this.program = program;
    this.data = makeFolder(folder.resolve("redis"));
    this.ports = ports;
  }

  /**
   * Starts one; its output is {@code redis.log} and its data {@code redis/} in the folder.
   *
   * @param folder is made if it is not there
   * @throws StackFailure if it does not get ready within 30 s; then no process is left
   */
  public static RedisServer start(Path folder) {
    return start(folder, Host.here(), Ports.FREE);
  }

  static RedisServer start(Path folder, Host host, Ports ports) {
    RedisServer server = new RedisServer(makeFolder(folder), RedisProgram.find(host), ports);
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
    Address address = Address.local("redis", port);
    List<String> command =
        List.of(
            program.file().toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            LOOPBACK,
            "--dir",
            data.toString(),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "no");
    return new Launch(address.uri(), command, pid -> new RedisProbe(address, OptionalLong.of(pid)));
  }

  @Override
  public String version() {
    return program.version();
  }
}
