package stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * A real server on a free loopback port, in a process of its own: awaited with a probe of its own
 * protocol, its output and its data in the folder given, one server of a kind in a folder. It ends
 * with this JVM, however that ends: see {@link Guard}. All methods may be called from any thread.
 */
public abstract sealed class Server implements AutoCloseable
    permits NatsServer, PostgresServer, RedisServer {
  static final String LOOPBACK = "127.0.0.1";

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration PROBE_BOUND = Duration.ofSeconds(1);

  /** A port that was free may be taken before the server binds it. */
  private static final int PORT_TRIES = 3;

  private static final String TAKEN = "ddress already in use";

  /**
   * One way to start a server.
   *
   * @param url for clients
   * @param command keeps it in the foreground
   * @param probe of its process number: asks it, and nobody else who may listen at its port
   */
  record Launch(URI url, List<String> command, LongFunction<Probe> probe) {}

  private final String name;
  private final Path log;
  private final CompletableFuture<Integer> died = new CompletableFuture<>();
  private Launch launch;
  private ChildProcess process;

  Server(String name, Path log) {
    this.name = name;
    this.log = log;
  }

  /** A launch with ports that nobody has. */
  abstract Launch plan();

  /** Where it keeps what its clients gave it. */
  abstract Path data();

  /** Ends the process in order. */
  void stop(ChildProcess running) {
    running.stop();
  }

  /**
   * Starts it for the first time.
   *
   * @throws StackFailure if it does not get ready; then no process is left
   */
  final synchronized void begin() {
    launch(this::plan, PORT_TRIES);
  }

  /** The address for clients, the same for as long as this server lives. */
  public final synchronized URI url() {
    return launch.url();
  }

  /** Its name for messages, such as {@code redis}. */
  public final String name() {
    return name;
  }

  /** What the program says of its version. */
  public abstract String version();

  /** The operating system's number of the process; another one after {@link #restart}. */
  public final synchronized long pid() {
    return process.pid();
  }

  /** Completes with the exit code as soon as it has ended without being asked to by this object. */
  public final CompletableFuture<Integer> diedByItself() {
    return died.copy();
  }

  /** Kills it and all its processes by SIGKILL, and waits until they are gone. */
  public final synchronized void kill() {
    process.kill();
  }

  /**
   * Starts it again with the same port and the same data; if it is running it is stopped in order
   * first.
   *
   * @throws StackFailure if it does not get ready; then no process is left
   */
  public final synchronized void restart() {
    stop(process);
    launch(() -> launch, 1);
  }

  /**
   * Stops all its processes without letting them notice: connections stay open, nothing answers.
   *
   * @throws StackFailure if it is not running
   */
  public final synchronized void pause() {
    process.pause();
  }

  /**
   * Undoes {@link #pause}.
   *
   * @throws StackFailure if it is not running
   */
  public final synchronized void resume() {
    process.resume();
  }

  /** Stops it in order, or kills it if it takes too long; its data and output stay. */
  @Override
  public final synchronized void close() {
    stop(process);
  }

  /**
   * Stops it in order and deletes its data; its output stays.
   *
   * @throws StackFailure if the data cannot be deleted
   */
  public final synchronized void discard() {
    stop(process);
    try {
      ProgramCache.deleteAll(data());
    } catch (IOException e) {
      throw new StackFailure("cannot delete " + data() + " (" + e + "); delete it by hand", e);
    }
  }

  private void launch(Supplier<Launch> plans, int tries) {
    for (int attempt = 1; ; attempt++) {
      launch = plans.get();
      process = ChildProcess.startGuarded(name, launch.command(), log);
      Probe probe = launch.probe().apply(process.pid());
      ChildProcess.Start start =
          process.await(() -> probe.ask(PROBE_BOUND).isReady(), READY_WITHIN);
      if (start == ChildProcess.Start.READY) {
        var unused = process.diedByItself().thenAccept(died::complete);
        return;
      }
      process.kill();
      if (attempt == tries || !process.output().contains(TAKEN)) {
        throw process.failure(start, READY_WITHIN);
      }
    }
  }

  /**
   * Makes a folder.
   *
   * @throws StackFailure if it cannot be made or written to
   */
  static Path makeFolder(Path folder) {
    try {
      Path made = Files.createDirectories(folder).toAbsolutePath().normalize();
      if (!Files.isWritable(made)) {
        throw new StackFailure("cannot write to " + made + "; give a folder that you may write to");
      }
      return made;
    } catch (IOException e) {
      throw new StackFailure(
          "cannot make the folder " + folder + " (" + e + "); give one that you may write to", e);
    }
  }
}
