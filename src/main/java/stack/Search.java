package stack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A search for a program that runs here; remembers why each other one was no use. */
final class Search {
  private static final Duration VERSION_BOUND = Duration.ofSeconds(10);

  private final String program;
  private final List<String> tried = new ArrayList<>();

  Search(String program) {
    this.program = program;
  }

  /** The program, if it can say its version: one for another system or without a library cannot. */
  Optional<Program> tryOut(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Command.Ended ended =
          Command.run(folder, VERSION_BOUND, List.of(file.toString(), "--version"));
      if (ended.isFine()) {
        return Optional.of(new Program(file, ended.lastLine()));
      }
      failed(file.toString(), ended.lastLine());
    } catch (IOException e) {
      failed(file.toString(), e.getMessage());
    }
    return Optional.empty();
  }

  /** Remembers a place where none was found. */
  void failed(String place, String reason) {
    tried.add("  " + place + ": " + reason);
  }

  /**
   * What to say in the end.
   *
   * @param waysOut what the user can do, each a phrase
   */
  StackFailure failure(List<String> waysOut) {
    return new StackFailure(
        "there is no "
            + program
            + " that runs here; tried\n"
            + String.join("\n", tried)
            + "\nany one of these helps:\n  "
            + String.join("\n  ", waysOut));
  }
}
