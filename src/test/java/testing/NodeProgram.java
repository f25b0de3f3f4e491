package testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A script of a test's that Node runs with packages of npm; the test reads what it prints. */
public final class NodeProgram implements Script {
  private static final Path PACKAGES = Path.of("target", "npm").toAbsolutePath();
  private static final long INSTALL_BOUND_S = 60;
  private static final long LINE_BOUND_S = 30;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Process process;

  private NodeProgram(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "output of node");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a script as a module; without Node, npm or the packages the test is skipped.
   *
   * @param packages of npm with their versions, such as {@code ws@8.23.0}; installed once
   */
  public static NodeProgram start(String script, String... packages)
      throws IOException, InterruptedException {
    String node = Programs.required("node");
    String npm = Programs.required("npm");
    Path folder = PACKAGES.resolve(String.join("+", packages).replace('/', '_'));
    boolean installed =
        packages.length == 0
            || Files.exists(folder.resolve("node_modules"))
            || install(npm, folder, packages);
    Assumptions.assumeTrue(installed, "skipped: npm cannot install " + String.join(" ", packages));
    Path file = Files.createTempFile(Files.createDirectories(folder), "script", ".mjs");
    Files.writeString(file, script);
    return new NodeProgram(
        new ProcessBuilder(node, file.toString()).redirectErrorStream(true).start());
  }

  @Override
  public String next() throws InterruptedException {
    String line = lines.poll(LINE_BOUND_S, TimeUnit.SECONDS);
    if (line == null) {
      throw new IllegalStateException("the script prints nothing");
    }
    return line;
  }

  /** Returns the operating system's process identifier. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    } catch (IOException e) {
      lines.add("error: " + e);
    }
  }

  private static boolean install(String npm, Path folder, String... packages)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> words = new ArrayList<>(List.of(npm, "install", "--no-audit", "--no-fund"));
    words.addAll(List.of("--prefix", folder.toString()));
    words.addAll(List.of(packages));
    Process run =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("npm.log").toFile())
            .start();
    boolean ended = run.waitFor(INSTALL_BOUND_S, TimeUnit.SECONDS);
    run.destroyForcibly();
    return ended && run.exitValue() == 0;
  }
}
