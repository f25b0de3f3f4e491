package gauntlet;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/** A terminal for questions to the user. */
interface Terminal {
  /** No terminal. */
  Terminal NONE = question -> Optional.empty();

  /** Returns the answer to a question; empty without a terminal. */
  Optional<String> answer(String question);

  /** Returns the terminal of this process; {@link #NONE} in a pipe or a CI job. */
  @SuppressWarnings("SystemConsoleNull") // From JDK 22 on isTerminal replaces null.
  static Terminal ofProcess() {
    Console console = System.console();
    return console == null || !isTerminal(console)
        ? NONE
        : question -> Optional.ofNullable(console.readLine("%s ", question));
  }

  private static boolean isTerminal(Console console) {
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true; // JDK 17 to 21 have no such method, and no console without a terminal.
    }
  }

  /** Returns whether the answer to a question is yes; empty without a terminal. */
  default Optional<Boolean> agrees(String question) {
    return answer(question + " [y/N]")
        .map(answer -> answer.strip().toLowerCase(Locale.ROOT))
        .map(answer -> answer.equals("y") || answer.equals("yes"));
  }
}
