package gauntlet;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command that was run, and its output.
 *
 * @param code that the shell gets
 * @param out standard output
 * @param err standard error
 */
record CommandLineRun(int code, String out, String err) {
  /** Runs a command without a terminal. */
  static CommandLineRun of(Object... words) {
    return at(Terminal.NONE, words);
  }

  /**
   * Runs a command at a terminal.
   *
   * @param terminal answers questions
   * @param words texts, paths, and lists of either
   */
  static CommandLineRun at(Terminal terminal, Object... words) {
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
