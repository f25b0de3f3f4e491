package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * The processes of one bench. Closing it, or the end of this JVM, stops them all, the last started
 * first. Thread-safe.
 */
public final class Stage implements AutoCloseable {
  private static final String MAIN = "gauntlet.Main";

  private final Duration readyWithin;
  private final Path folder;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Thread hook = new Thread(this::stopAll, "stop the bench's processes");

  /**
   * @param readyWithin how long each process may take to get ready
   * @param folder takes configurations and logs
   * @throws StackFailure if the folder cannot be made
   */
  public Stage(Duration readyWithin, Path folder) {
    this.readyWithin = readyWithin;
    this.folder = folder.toAbsolutePath();
    try {
      Files.createDirectories(this.folder);
    } catch (IOException e) {
      throw new StackFailure("cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * A bundled target in a JVM of its own, ready.
   *
   * @param name the word after {@code serve}
   * @param process its name in the bench, and its log's
   * @throws StackFailure if it does not get ready
   */
  public TargetProcess target(
      String name, String process, List<String> jvmOptions, List<String> options) {
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name,
                process,
                MAIN,
                jvmOptions,
                options,
                folder.resolve(process + ".log"),
                readyWithin));
    own(target);
    return target.awaitReady();
  }

  /** Makes a process end with the stage. */
  public void own(AutoCloseable process) {
    synchronized (running) {
      running.push(process);
    }
  }

  /** Where configurations and logs are. */
  public Path folder() {
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
}
