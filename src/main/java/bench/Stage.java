package bench;

import bench.ServerConfig.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * The processes of one bench. Closing it, or the end of this JVM, stops them all, the last started
 * first. Thread-safe.
 */
final class Stage implements AutoCloseable {
  private static final String MAIN = "gauntlet.Main";

  private final BenchSettings settings;
  private final Path folder;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Thread hook = new Thread(this::stopAll, "stop the bench's processes");

  /**
   * @param folder takes configurations and logs
   * @throws StackFailure if the folder cannot be made
   */
  Stage(BenchSettings settings, Path folder) {
    this.settings = settings;
    this.folder = folder.toAbsolutePath();
    try {
      Files.createDirectories(this.folder);
    } catch (IOException e) {
      throw new StackFailure("cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** A bundled target in a JVM of its own, ready. */
  TargetProcess target(String name, String process, List<String> jvmOptions, List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--max-streams", "100000"));
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name,
                process,
                MAIN,
                jvmOptions,
                all,
                folder.resolve(process + ".log"),
                settings.readyWithin()));
    own(target);
    return target.awaitReady();
  }

  /** The source of all streams. */
  TargetProcess llm() {
    return target("llm", "llm", settings.jvmOptions(), List.of());
  }

  /** Gauntlet's proxy as a lane. */
  Lane gauntlet(String name, URI llm, List<String> jvmOptions) {
    TargetProcess proxy =
        target(
            "proxy",
            name,
            jvmOptions,
            List.of(
                "--upstream", llm.toString(), "--threads", Integer.toString(settings.threads())));
    String version = "Gauntlet's proxy on Java " + Runtime.version() + ", " + join(jvmOptions);
    return new Lane(name, version, proxy.url(), OptionalLong.of(proxy.pid()));
  }

  /** nginx as a lane. */
  Lane nginx(Path program, URI llm) {
    Place place = place(llm);
    Path home = folder.resolve("nginx");
    Path config = write(home.resolve("nginx.conf"), ServerConfig.nginx(place));
    List<String> command =
        List.of(
            program.toString(),
            "-p",
            home + "/",
            "-c",
            config.toString(),
            "-e",
            "stderr",
            "-g",
            "daemon off;");
    return lane("nginx", program, command, place);
  }

  /** HAProxy as a lane. */
  Lane haproxy(Path program, URI llm) {
    Place place = place(llm);
    Path config = write(folder.resolve("haproxy/haproxy.cfg"), ServerConfig.haproxy(place));
    List<String> command = List.of(program.toString(), "-db", "-f", config.toString());
    return lane("haproxy", program, command, place);
  }

  /** Makes a process end with the stage. */
  void own(AutoCloseable process) {
    synchronized (running) {
      running.push(process);
    }
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook did the same or is about to.
    }
  }

  private Lane lane(String name, Path program, List<String> command, Place place) {
    OtherServer server =
        OtherServer.launch(name, command, place.port(), folder.resolve(name + ".log"));
    own(server);
    server.awaitReady(settings.readyWithin());
    return new Lane(name, Programs.version(program), server.url(), OptionalLong.of(server.pid()));
  }

  private Place place(URI llm) {
    return new Place(
        OtherServer.freePort(), llm.getPort(), settings.load().streams(), settings.threads());
  }

  private static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new StackFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private void stopAll() {
    synchronized (running) {
      while (!running.isEmpty()) {
        stop(running.pop());
      }
    }
  }

  private static void stop(AutoCloseable process) {
    try {
      process.close();
    } catch (Exception e) {
      // Only AutoCloseable's signature allows this; the processes' own close throws nothing.
      throw new IllegalStateException("a process could not be stopped", e);
    }
  }

  private static String join(List<String> options) {
    return String.join(" ", options);
  }
}
