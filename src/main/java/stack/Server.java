package stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * A real server on a free loopback port, in a process of its own: awaited with a probe of its own
 * protocol, its output and its data in the given folder, which is created if it is missing, one
 * server of a kind in a folder. One that does not get ready within 30 s is a {@link StackFailure},
 * and no process is left. It ends with this JVM, however that ends: see {@link Guard}.
 */
public abstract sealed class Server extends ManagedProcess
    permits NatsServer, Peer, PostgresServer, RedisServer {
  static final String LOOPBACK = "127.0.0.1";

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(5);
  private static final Duration PROBE_BOUND = Duration.ofSeconds(1);

  /** A port that was free may be taken before the server binds it. */
  private static final int PORT_TRIES = 3;

  private static final String TAKEN = "ddress already in use";

  /**
   * One way to start a server.
   *
   * @param command keeps it in the foreground
   * @param probe returns the probe of a process: another server at the same port does not pass it
   */
  record Launch(URI url, List<String> command, LongFunction<Probe> probe) {}

  private final Program program;
  private final Path data;
  private Launch launch;

  /** A server that is not started yet; its log and its data's folder have its name. */
  Server(String name, Program program, Path folder) {
    super(name, folder.resolve(name + ".log"));
    this.program = program;
    this.data = folder.resolve(name);
  }

  /** Returns a launch on unused ports. */
  abstract Launch plan();

  final Path data() {
    return data;
  }

  final Program program() {
    return program;
  }

  /** Called when it is ready. */
  void ready() {}

  final synchronized void begin() {
    launch(this::plan, PORT_TRIES);
  }

  /** Returns the address for clients, the same during its whole life. */
  public final synchronized URI url() {
    return launch.url();
  }

  /** Returns the version as the program prints it. */
  public final String version() {
    return program.version();
  }

  @Override
  public final synchronized void restart() {
    close();
    launch(() -> launch, 1);
  }

  /** Waits until it is ready; starts it again if it ends first or is late, or throws. */
  public final synchronized void recover() {
    try {
      awaitReady(RECOVERED_WITHIN);
    } catch (StackFailure e) {
      restart();
    }
  }

  private void awaitReady(Duration within) {
    Probe probe = launch.probe().apply(pid());
    await(() -> probe.run(PROBE_BOUND).isReady(), within);
  }

  /** Stops it in order and deletes its data; its output stays. */
  public final synchronized void discard() {
    close();
    try {
      ProgramCache.deleteAll(data);
    } catch (IOException e) {
      throw new StackFailure("cannot delete " + data + " (" + e + "); delete it by hand", e);
    }
  }

  private void launch(Supplier<Launch> plans, int tries) {
    for (int attempt = 1; ; attempt++) {
      launch = plans.get();
      startGuarded(launch.command());
      try {
        awaitReady(READY_WITHIN);
        break;
      } catch (StackFailure e) {
        if (attempt == tries || !output().contains(TAKEN)) {
          throw e;
        }
      }
    }
    ready();
    watch();
  }

  static URI local(String scheme, int port) {
    return URI.create(scheme + "://" + LOOPBACK + ":" + port);
  }

  /**
   * Returns different loopback ports that were free a moment ago; a server whose port was taken
   * since then ends.
   */
  static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new StackFailure("no free loopback port: " + e.getMessage(), e);
    }
  }

  /**
   * Writes a configuration: the resource of a name with a value at each place such as {@code
   * ${port}}.
   */
  static Path configure(Path file, String name, Map<String, ?> values) {
    try (InputStream resource = Server.class.getResourceAsStream("/stack/" + name + ".conf")) {
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, ?> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue().toString());
      }
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new StackFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Makes a folder, and checks that it is writable. */
  static Path makeFolder(Path folder) {
    try {
      Path made = Files.createDirectories(folder).toAbsolutePath().normalize();
      if (!Files.isWritable(made)) {
        throw new StackFailure("cannot write to " + made + "; give a writable folder");
      }
      return made;
    } catch (IOException e) {
      throw new StackFailure(
          "cannot make the folder " + folder + " (" + e + "); give a writable one", e);
    }
  }
}
