package bench.bids;

import bench.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import stack.StackFailure;

/**
 * A program of others that makes load, and ends by itself.
 *
 * @param name for messages
 * @param file the program
 */
record Tool(String name, Path file) {
  private static final long SLACK_S = 30;

  /**
   * Looks for a program.
   *
   * @param ofPackage the package of Debian that has it
   * @throws StackFailure if it is not there, with what to do
   */
  static Tool find(Programs programs, String name, String ofPackage) {
    return new Tool(
        name,
        programs
            .find(name)
            .orElseThrow(
                () ->
                    new StackFailure(
                        "bench bids needs the program %s: install it (on Debian the package %s)"
                            .formatted(name, ofPackage))));
  }

  /**
   * Runs it to its end.
   *
   * @param seconds that it should take
   * @param log takes what it prints
   * @return what it printed
   * @throws StackFailure if it fails or does not end
   */
  String run(List<String> arguments, long seconds, Path log) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        if (!process.waitFor(seconds + SLACK_S, TimeUnit.SECONDS)) {
          throw new StackFailure(name + " did not end; see " + log);
        }
      } finally {
        process.destroyForcibly();
      }
      String printed = Files.readString(log, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new StackFailure(
            name + " ended with exit code " + process.exitValue() + ":\n" + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new StackFailure("cannot run " + name + ": " + e.getMessage(), e);
    }
  }
}
