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
 * Kills processes when this JVM is gone, even after kill -9: a shell that reads from a pipe whose
 * only writer is this JVM. When the system closes the pipe, the shell kills the processes that it
 * received last. A process starts only after its guard has its number, so none can be left behind.
 */
final class Guard {
  /** A terminal's signals reach the guard too; it must outlive them. */
  private static final String WATCH =
      """
      trap '' HUP INT QUIT TERM
      pids=
      while read -r line; do pids=$line; done
      [ -z "$pids" ] || kill -9 $pids 2>/dev/null
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
    String line = pids.stream().map(String::valueOf).collect(Collectors.joining(" ", "", "\n"));
    OutputStream pipe = shell.getOutputStream();
    pipe.write(line.getBytes(StandardCharsets.US_ASCII));
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
  void end() {
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
