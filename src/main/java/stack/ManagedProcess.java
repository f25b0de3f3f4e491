package stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A process of a run, controlled through this handle by any thread. */
public abstract sealed class ManagedProcess implements AutoCloseable permits Server, TargetProcess {
  private final String name;
  private final Path log;
  private final CompletableFuture<Integer> died = new CompletableFuture<>();
  private ChildProcess process;

  ManagedProcess(String name, Path log) {
    this.name = name;
    this.log = log;
  }

  final synchronized void run(ChildProcess started) {
    process = started;
  }

  /** Reports from now on if the process ends without having been stopped here. */
  final synchronized void watch() {
    process.onDeath(died::complete);
  }

  final synchronized ChildProcess running() {
    return process;
  }

  void stop(ChildProcess running) {
    running.stop();
  }

  /** Returns its name in the run and in messages. */
  public final String name() {
    return name;
  }

  /** Returns the file with its output. */
  public final Path log() {
    return log;
  }

  /** Returns the operating system's process identifier; a restart changes it. */
  public final long pid() {
    return running().pid();
  }

  /** Completes with the exit code when it ends without having been stopped through this handle. */
  public final CompletableFuture<Integer> diedByItself() {
    return died.copy();
  }

  /** Kills all its processes by SIGKILL, and waits until they are gone. */
  public final synchronized void kill() {
    process.kill();
  }

  /** Sends SIGTERM, once more at each call, and returns at once. */
  public final void terminate() {
    running().terminate();
  }

  /**
   * Waits until its process is gone.
   *
   * @return false if it still runs after the bound, or if the thread was interrupted
   */
  public final boolean isGone(Duration within) {
    return running().isGone(within);
  }

  /** Suspends all its processes: connections stay open, nothing answers. */
  public final synchronized void pause() {
    process.pause();
  }

  /** Continues what {@link #pause} suspended. */
  public final synchronized void resume() {
    process.resume();
  }

  /** Stops it in order, or kills it if it takes too long; its data and output stay. */
  @Override
  public final synchronized void close() {
    stop(process);
  }
}
