package stack;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bundled target in a JVM of its own: {@code serve <name> --port 0}. Ready when its {@code
 * /health} answers 200. It ends itself when the process that started it is gone.
 */
public final class TargetProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");

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
  private final ChildProcess process;
  private URI url;

  private TargetProcess(Spec spec, ChildProcess process) {
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
    return new TargetProcess(spec, ChildProcess.start(spec.process(), command, spec.log()));
  }

  /**
   * Waits until the target answers its health probe.
   *
   * @throws StackFailure if it ends first, or takes longer than allowed; it is then stopped
   */
  public TargetProcess awaitReady() {
    ChildProcess.Start start = process.await(this::isReady, spec.readyWithin());
    if (start != ChildProcess.Start.READY) {
      close();
      throw process.failure(start, spec.readyWithin());
    }
    return this;
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
    return process.diedByItself();
  }

  /** Kills the process, as {@code kill -9} does. */
  public void kill() {
    process.kill();
  }

  /** Stops the process without letting it notice; {@link #resume} lets it go on. */
  public void pause() {
    process.pause();
  }

  /** Undoes {@link #pause}. */
  public void resume() {
    process.resume();
  }

  /** Asks the process to drain and end; kills it if it takes too long. */
  @Override
  public void close() {
    process.stop();
  }

  private boolean isReady() {
    if (url == null) {
      Matcher matcher = LISTENING.matcher(process.output());
      url = matcher.find() ? URI.create(matcher.group(1)) : null;
    }
    return url != null && HealthProbe.isHealthy(url);
  }
}
