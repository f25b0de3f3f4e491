package stack;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bundled target in a JVM of its own: {@code serve <name> --port 0}. Ready when its {@code
 * /health} answers 200. It ends itself when the process that started it is gone.
 */
public final class TargetProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration STOP_BOUND = Duration.ofSeconds(15);
  private static final int LOG_TAIL_LINES = 12;

  /**
   * How to start a target.
   *
   * @param name the word after {@code serve}
   * @param process its name in the run
   * @param mainClass the command line's main class, on this JVM's own class path
   * @param jvmOptions such as {@code -Xmx128m}
   * @param options such as {@code --tokens 163}
   * @param log takes everything that the process prints
   * @param readyWithin how long it may take to get ready
   */
  public record Spec(
      String name,
      String process,
      String mainClass,
      List<String> jvmOptions,
      List<String> options,
      Path log,
      Duration readyWithin) {}

  private final Spec spec;
  private final Process process;
  private URI url;
  private volatile boolean stopping;

  private TargetProcess(Spec spec, Process process) {
    this.spec = spec;
    this.process = process;
  }

  /**
   * Starts a process and returns at once; {@link #awaitReady} waits for it.
   *
   * @throws StackFailure if the process cannot be started
   */
  public static TargetProcess launch(Spec spec) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(spec.jvmOptions());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), spec.mainClass()));
    command.addAll(List.of("serve", spec.name(), "--port", "0"));
    command.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
    command.addAll(spec.options());
    File log = spec.log().toFile();
    try {
      return new TargetProcess(
          spec,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start());
    } catch (IOException e) {
      throw new StackFailure("cannot start " + spec.process() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits until the target answers its health probe.
   *
   * @throws StackFailure if it ends first, or takes longer than allowed; it is then stopped
   */
  public TargetProcess awaitReady() {
    long deadlineNs = System.nanoTime() + spec.readyWithin().toNanos();
    while (System.nanoTime() < deadlineNs) {
      if (!process.isAlive()) {
        throw new StackFailure(
            spec.process()
                + " ended with exit code "
                + process.exitValue()
                + " instead of getting"
                + " ready:\n"
                + logTail());
      }
      if (url == null) {
        url = announced();
      }
      if (url != null && HealthProbe.isHealthy(url)) {
        return this;
      }
      pause();
    }
    close();
    throw new StackFailure(
        spec.process()
            + " did not get healthy within "
            + spec.readyWithin().toSeconds()
            + " s:\n"
            + logTail());
  }

  /** Its name in the run. */
  public String process() {
    return spec.process();
  }

  /** The address that it listens on; known once it is ready. */
  public URI url() {
    return url;
  }

  /** The operating system's number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Completes with the exit code if the process ends without being asked to. */
  public CompletableFuture<Integer> diedByItself() {
    CompletableFuture<Integer> died = new CompletableFuture<>();
    var unused =
        process
            .onExit()
            .thenAccept(
                ended -> {
                  if (!stopping) {
                    died.complete(ended.exitValue());
                  }
                });
    return died;
  }

  /** Asks the process to drain and end; kills it if it takes longer than {@code STOP_BOUND}. */
  @Override
  public void close() {
    stopping = true;
    process.destroy();
    try {
      if (!process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private URI announced() {
    try {
      Matcher matcher = LISTENING.matcher(Files.readString(spec.log()));
      return matcher.find() ? URI.create(matcher.group(1)) : null;
    } catch (IOException e) {
      throw new StackFailure("cannot read " + spec.log() + ": " + e.getMessage(), e);
    }
  }

  private String logTail() {
    try {
      List<String> lines = Files.readAllLines(spec.log());
      int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
      return "  " + String.join("\n  ", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "  (its output in " + spec.log() + " cannot be read: " + e.getMessage() + ")";
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while waiting for a target", e);
    }
  }
}
