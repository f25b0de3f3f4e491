package gauntlet;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/** Where a person can be asked, if there is one. */
interface Terminal {
  /** Nobody is there. */
  Terminal NONE = question -> Optional.empty();

  /** What a person answers to a question; empty if there is nobody to answer. */
  Optional<String> answer(String question);

  /** The terminal of this process; without one, as in a pipe or a CI job, nobody is there. */
  @SuppressWarnings("SystemConsoleNull") // From JDK 22 on isTerminal says what null says before.
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

  /** Asks a question; empty if there is nobody, else whether the answer was yes. */
  default Optional<Boolean> agrees(String question) {
    return answer(question + " [y/N]")
        .map(answer -> answer.strip().toLowerCase(Locale.ROOT))
        .map(answer -> answer.equals("y") || answer.equals("yes"));
  }
}
