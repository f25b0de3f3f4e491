package gauntlet;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command that was run, and what it said.
 *
 * @param code that the shell gets
 * @param out what it printed
 * @param err what it complained about
 */
record CommandLineRun(int code, String out, String err) {
  /** Runs a command with nobody to ask. */
  static CommandLineRun of(Object... words) {
    return asking(Terminal.NONE, words);
  }

  /**
   * Runs a command.
   *
   * @param terminal is asked
   * @param words texts, paths, and lists of either
   */
  static CommandLineRun asking(Terminal terminal, Object... words) {
    String[] args =
        Arrays.stream(words)
            .flatMap(word -> word instanceof List<?> list ? list.stream() : Stream.of(word))
            .map(word -> word instanceof Path path ? path.toString() : (String) word)
            .toArray(String[]::new);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(terminal, new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new CommandLineRun(code, out.toString(), err.toString());
  }
}
