package stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command that runs to its end within a bound. */
public final class Command {
  private static final int KILLED = -1;

  /**
   * The end of a command.
   *
   * @param code the exit code; {@value #KILLED} if it exceeded the bound and was killed
   * @param output both streams
   */
  public record Ended(int code, String output) {
    /** Returns true for the exit code 0. */
    public boolean isFine() {
      return code == 0;
    }

    String firstLine() {
      return output.strip().lines().findFirst().orElse("no output");
    }

    /** Returns the last printed line, usually the error. */
    String lastLine() {
      return output.strip().lines().reduce((first, second) -> second).orElse("no output");
    }
  }

  private Command() {}

  /**
   * Runs a command in a folder and kills it after the bound.
   *
   * @throws IOException if there is no such program
   * @throws StackFailure if the thread is interrupted; the command is then killed
   */
  public static Ended run(Path folder, Duration bound, List<String> words) throws IOException {
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> text(process.getInputStream()), Command::ownThread);
    try {
      if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Ended(process.exitValue(), output.join());
      }
      return new Ended(KILLED, "it took longer than " + bound.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while " + words.get(0) + " was running", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** A shared pool may be full of tasks that wait for commands themselves. */
  private static void ownThread(Runnable task) {
    Thread thread = new Thread(task, "output of a command");
    thread.setDaemon(true);
    thread.start();
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
