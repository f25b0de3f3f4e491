package stack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Kills processes when this JVM is gone, however it went, kill -9 included: a shell that reads from
 * a pipe whose only writer is this JVM. The system closes the pipe, the shell reads its end and
 * kills what it was last told. A process starts only after its guard knows it, so that there is no
 * moment at which it could be left behind.
 */
final class Guard {
  /** Signals of a terminal reach the guard too; it has to outlive them. */
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

  /**
   * Starts a guard that guards nothing yet.
   *
   * @throws IOException if there is no shell
   */
  static Guard start() throws IOException {
    return new Guard(
        new ProcessBuilder("/bin/sh", "-c", WATCH)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** The command as one that waits for {@link #letGo}, and ends if that never comes. */
  static List<String> waiting(List<String> command) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", WAIT, "sh"));
    words.addAll(command);
    return words;
  }

  /** Guards a process that waits, and lets it go. */
  void letGo(Process process) throws IOException {
    watch(List.of(process.pid()));
    try (OutputStream go = process.getOutputStream()) {
      go.write('\n');
    }
  }

  /** From now on these processes and no others are killed. */
  void watch(Collection<Long> pids) throws IOException {
    String line = pids.stream().map(String::valueOf).collect(Collectors.joining(" ", "", "\n"));
    OutputStream pipe = shell.getOutputStream();
    pipe.write(line.getBytes(StandardCharsets.US_ASCII));
    pipe.flush();
  }

  /** Guards nothing any more, and tells the guard to end; does not wait. */
  void release() {
    try (OutputStream pipe = shell.getOutputStream()) {
      pipe.write('\n');
    } catch (IOException e) {
      shell.destroyForcibly(); // It is gone already, or was released before.
    }
  }

  /** Releases, and waits until the guard has ended. */
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
