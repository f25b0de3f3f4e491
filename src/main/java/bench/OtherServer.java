package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import stack.HealthProbe;
import stack.StackFailure;

/**
 * A server that is not ours, in the foreground, on a free loopback port. Ready when {@code /health}
 * answers 200, its own or that of what is behind it.
 */
public final class OtherServer implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(25);
  private static final int STOP_BOUND_S = 5;
  private static final int OUTPUT_CHARS_MAX = 2_000;

  private final String name;
  private final URI url;
  private final Path log;
  private final Process process;

  private OtherServer(String name, URI url, Path log, Process process) {
    this.name = name;
    this.url = url;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a server.
   *
   * @param name for messages
   * @param command keeps it in the foreground
   * @param port where it will listen
   * @param log takes what it prints
   * @throws StackFailure if it cannot be started
   */
  public static OtherServer launch(String name, List<String> command, int port, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new OtherServer(name, URI.create("http://127.0.0.1:" + port), log, process);
    } catch (IOException e) {
      throw new StackFailure("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * A port that was free a moment ago. Somebody else may take it before the server does; then the
   * server says so and ends.
   */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StackFailure("no free loopback port: " + e.getMessage(), e);
    }
  }

  /**
   * Waits until it passes requests on.
   *
   * @throws StackFailure if it ends first, or takes longer; it is then stopped
   */
  public void awaitReady(Duration within) {
    long deadlineNs = System.nanoTime() + within.toNanos();
    while (process.isAlive() && System.nanoTime() - deadlineNs < 0) {
      if (HealthProbe.isHealthy(url)) {
        return;
      }
      try {
        process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new StackFailure("interrupted while waiting for " + name, e);
      }
    }
    String end =
        process.isAlive()
            ? " did not pass a request on within " + within.toSeconds() + " s"
            : " ended with exit code " + process.exitValue() + " instead of getting ready";
    close();
    throw new StackFailure(name + end + ":\n" + output());
  }

  /** Where it listens. */
  public URI url() {
    return url;
  }

  /** The process that was started, the root of all others of it. */
  public long pid() {
    return process.pid();
  }

  /** Stops it and all that it started; kills what takes longer than {@value #STOP_BOUND_S} s. */
  @Override
  public void close() {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_BOUND_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private String output() {
    try {
      String all = Files.readString(log);
      return all.substring(Math.max(0, all.length() - OUTPUT_CHARS_MAX)).strip();
    } catch (IOException e) {
      return "(its output in " + log + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
