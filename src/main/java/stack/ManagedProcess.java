package stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A process of a run with its descendants: awaited, paused, killed and stopped through this handle,
 * by any thread. A restart gives it another process.
 */
public abstract sealed class ManagedProcess implements AutoCloseable permits Server, TargetProcess {
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration STOP_BOUND = Duration.ofSeconds(15);
  private static final Duration KILL_BOUND = Duration.ofSeconds(5);
  private static final Duration KILL_POLL = Duration.ofMillis(5);
  private static final Duration SIGNAL_BOUND = Duration.ofSeconds(5);
  private static final int LOG_TAIL_LINES = 12;

  /**
   * Gives a process a group of its own: a terminal's Ctrl-C reaches this JVM only, which then stops
   * its processes in order. Empty where there is no setsid(1).
   */
  private static final List<String> OWN_GROUP =
      Host.here().find("setsid").stream().map(Path::toString).toList();

  private final String name;
  private final Path log;
  private final CompletableFuture<Integer> died = new CompletableFuture<>();
  private long logFrom;
  private volatile Process process;

  /** The last process that was stopped here, so that its end is no death. */
  private volatile Process stopped;

  private volatile Optional<Guard> guard = Optional.empty();
  private volatile boolean paused;

  ManagedProcess(String name, Path log) {
    this.name = name;
    this.log = log;
  }

  /** Starts a process that ends by itself when this JVM is gone; its output is appended. */
  final synchronized void start(List<String> command) {
    guard = Optional.empty();
    paused = false;
    try {
      logFrom = Files.exists(log) ? Files.size(log) : 0;
      process =
          new ProcessBuilder(Stream.concat(OWN_GROUP.stream(), command.stream()).toList())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new StackFailure("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /** Like {@link #start}, for a process that would outlive this JVM: it gets a {@link Guard}. */
  final synchronized void startGuarded(List<String> command) {
    start(Guard.waiting(command));
    try {
      newGuard().letGo(process);
    } catch (IOException e) {
      kill();
      throw new StackFailure("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Polls until the process is ready.
   *
   * @throws StackFailure with its last lines of output if it ends first or is late, or if the
   *     thread is interrupted; it is killed then
   */
  final void await(BooleanSupplier ready, Duration within) {
    long deadlineNs = System.nanoTime() + within.toNanos();
    String end = " did not get ready within " + within.toSeconds() + " s:\n";
    try {
      while (process.isAlive() && System.nanoTime() - deadlineNs < 0) {
        if (ready.getAsBoolean()) {
          return;
        }
        process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while waiting for " + name, e);
    }
    if (!process.isAlive()) {
      end = " ended with exit code " + process.exitValue() + " instead of getting ready:\n";
    }
    kill();
    List<String> lines = output().lines().toList();
    int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
    throw new StackFailure(
        name + end + "  " + String.join("\n  ", lines.subList(from, lines.size())));
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
    return process.pid();
  }

  /** Completes with the exit code when it ends without having been stopped through this handle. */
  public final CompletableFuture<Integer> diedByItself() {
    return died.copy();
  }

  /** Reports from now on if the process ends without having been stopped here. */
  final void watch() {
    Process watched = process;
    Runnable ended =
        () -> {
          if (stopped != watched) {
            died.complete(watched.exitValue());
          }
        };
    var unused = watched.onExit().thenRun(ended);
  }

  /**
   * Suspends all its processes by SIGSTOP: connections stay open, nothing answers. From then on it
   * has a guard, because a suspended process cannot notice that this JVM is gone.
   */
  public final synchronized void pause() {
    signal("STOP");
    paused = true;
    // Only now: a suspended process starts no others.
    signal("STOP", process.descendants());
    guard(family());
  }

  /** Continues what {@link #pause} suspended. */
  public final synchronized void resume() {
    signal("CONT");
    signal("CONT", process.descendants());
    paused = false;
    guard(Stream.of(process.toHandle()));
  }

  /**
   * Starts it again at the same address and with the same data, after stopping it if it is running.
   *
   * @throws StackFailure if it does not get ready; then no process is left
   */
  public abstract void restart();

  /** Sends SIGTERM, once more at each call, and returns at once. */
  public final void terminate() {
    stopped = process;
    process.destroy();
  }

  /** Waits until its process is gone; false after the bound, or if the thread was interrupted. */
  public final boolean isGone(Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Guards the descendants too: for a program whose children would outlive its first process. */
  final void guardDescendants() {
    guard(family());
  }

  /** Requests the end: by SIGTERM, unless the program needs another signal. */
  void requestStop() {
    process.destroy();
  }

  /** Stops it in order, or kills it if it takes too long; its data and output stay. */
  @Override
  public final synchronized void close() {
    stopped = process;
    try {
      if (process.isAlive()) {
        requestStop();
        if (paused) {
          resume(); // A suspended process receives its signals afterwards.
        }
        process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      kill();
    }
  }

  /** Kills all its processes by SIGKILL, and waits until they are gone. */
  public final synchronized void kill() {
    stopped = process;
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(children);
    guard.ifPresent(Guard::end);
  }

  /** Writes to its standard input. */
  final void write(String line) throws IOException {
    process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Returns its output since the start. */
  final String output() {
    try {
      byte[] all = Files.readAllBytes(log);
      int from = (int) Math.min(logFrom, all.length);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(its output in " + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  private Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  final void signal(String signal) {
    Command.Ended ended = signal(signal, Stream.of(process.toHandle()));
    if (!ended.isFine()) {
      throw new StackFailure("cannot send SIG" + signal + " to " + name + ": " + ended.lastLine());
    }
  }

  /** Uses the shell's built-in kill; not every system has a program of that name. */
  private Command.Ended signal(String signal, Stream<ProcessHandle> processes) {
    List<String> words =
        Stream.concat(
                Stream.of("/bin/sh", "-c", "for pid; do kill -s \"$0\" \"$pid\"; done", signal),
                processes.map(each -> Long.toString(each.pid())))
            .toList();
    try {
      return Command.run(Path.of(""), SIGNAL_BOUND, words);
    } catch (IOException e) {
      throw new StackFailure("cannot send SIG" + signal + " to " + name + ": no /bin/sh", e);
    }
  }

  private void guard(Stream<ProcessHandle> processes) {
    try {
      Guard own = guard.isPresent() ? guard.get() : newGuard();
      own.watch(processes.map(ProcessHandle::pid).toList());
    } catch (IOException e) {
      throw new StackFailure("cannot guard " + name + ": " + e.getMessage(), e);
    }
  }

  private Guard newGuard() throws IOException {
    Guard started = Guard.start();
    guard = Optional.of(started);
    var unused = process.onExit().thenRun(started::release);
    return started;
  }

  private void awaitEnd(List<ProcessHandle> children) {
    long deadlineNs = System.nanoTime() + KILL_BOUND.toNanos();
    try {
      process.waitFor(KILL_BOUND.toMillis(), TimeUnit.MILLISECONDS);
      while (children.stream().anyMatch(ManagedProcess::runs)
          && System.nanoTime() - deadlineNs < 0) {
        TimeUnit.MILLISECONDS.sleep(KILL_POLL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns whether a process runs. Java also reports an ended process as alive until the system's
   * first process collects it, which never happens in some containers.
   */
  static boolean runs(ProcessHandle process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    try {
      return process.isAlive() && !Files.readString(stat).contains(") Z ");
    } catch (IOException e) {
      return process.isAlive();
    }
  }
}
