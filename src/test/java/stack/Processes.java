package stack;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Processes as the system shows them, and the one way in which tests of this room wait. */
final class Processes {
  private static final int POLL_MS = 20;

  private Processes() {}

  static ThrowableAssertAlternative<StackFailure> assertFails(ThrowingCallable call) {
    return assertThatExceptionOfType(StackFailure.class).isThrownBy(call);
  }

  static ProcessHandle of(ManagedProcess process) {
    return ProcessHandle.of(process.pid()).orElseThrow();
  }

  /** Writes an executable file. */
  static Path writeProgram(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    ProgramCache.makeExecutable(file);
    return file;
  }

  /** Returns the process group, which receives a terminal's signals. */
  static String group(ProcessHandle process) {
    try {
      List<String> command = List.of("ps", "-o", "pgid=", "-p", "" + process.pid());
      return Command.run(Path.of("/"), Duration.ofSeconds(10), command).firstLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the process and its descendants. */
  static List<ProcessHandle> family(ManagedProcess process) {
    return Stream.concat(Stream.of(of(process)), of(process).descendants()).toList();
  }

  /** Returns whether all of them end within a bound. */
  static boolean end(Duration bound, List<ProcessHandle> processes) throws InterruptedException {
    long deadlineNs = System.nanoTime() + bound.toNanos();
    while (processes.stream().anyMatch(ManagedProcess::runs) && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return processes.stream().noneMatch(ManagedProcess::runs);
  }

  /** A JVM that runs a class of the tests until it is killed or its input ends. */
  record Jvm(Process process, BufferedReader output, Path log) implements AutoCloseable {
    static Jvm start(Path folder, Class<?> main, Path... arguments) throws IOException {
      List<String> command = new ArrayList<>(List.of(Host.java().toString(), "-Xmx64m"));
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
      command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
      Arrays.stream(arguments).map(Path::toString).forEach(command::add);
      Path log = folder.resolve("jvm.log");
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      return new Jvm(
          process,
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
          log);
    }

    /** Returns the next line that it printed. */
    String line() throws IOException {
      String line = output.readLine();
      if (line == null) {
        throw new IOException("no line; its log:\n" + Files.readString(log));
      }
      return line;
    }

    /** Called in that JVM: prints a line and waits for the end of its input. */
    static void printAndWait(String line) throws IOException {
      try (var out = new FileOutputStream(FileDescriptor.out)) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      while (System.in.read() >= 0) {}
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      output.close();
    }
  }
}
