package stack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills processes, or runs another command, when this JVM is gone, even after kill -9: a shell that
 * reads from a pipe whose only writer is this JVM. When the system closes the pipe, the shell runs
 * the command that it received last. A process starts only after its guard has its number, so none
 * can be left behind.
 */
public final class Guard {
  /** A terminal's signals reach the guard too; it must outlive them. */
  private static final String WATCH =
      """
      trap '' HUP INT QUIT TERM
      last=
      while read -r line; do last=$line; done
      eval "$last"
      """;

  /** The shell becomes the program, so that its number is the program's. */
  private static final String WAIT = "read -r go && exec \"$@\" </dev/null";

  private static final int STOP_BOUND_S = 2;

  private final Process shell;

  private Guard(Process shell) {
    this.shell = shell;
  }

  /** Starts a guard without processes. */
  static Guard start() throws IOException {
    return new Guard(
        new ProcessBuilder("/bin/sh", "-c", WATCH)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Starts a guard that runs a command, given by its words. */
  public static Guard running(List<String> command) throws IOException {
    Guard guard = start();
    guard.write(
        command.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ")));
    return guard;
  }

  /** Returns a command that waits for {@link #letGo}, and ends if this JVM ends first. */
  static List<String> waiting(List<String> command) {
    return Stream.concat(Stream.of("/bin/sh", "-c", WAIT, "sh"), command.stream()).toList();
  }

  /** Guards a waiting process, and lets it continue. */
  void letGo(Process process) throws IOException {
    watch(List.of(process.pid()));
    try (OutputStream go = process.getOutputStream()) {
      go.write('\n');
    }
  }

  /** Replaces the processes to be killed. */
  void watch(Collection<Long> pids) throws IOException {
    String all = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
    write(all.isEmpty() ? "" : "kill -9 " + all);
  }

  private void write(String command) throws IOException {
    OutputStream pipe = shell.getOutputStream();
    pipe.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    pipe.flush();
  }

  /** Ends the guard without a kill; does not wait. */
  void release() {
    try (OutputStream pipe = shell.getOutputStream()) {
      pipe.write('\n');
    } catch (IOException e) {
      shell.destroyForcibly(); // It has ended, or was released before.
    }
  }

  /** Releases the guard, and waits for its end. */
  public void end() {
    release();
    try {
      if (!shell.waitFor(STOP_BOUND_S, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
