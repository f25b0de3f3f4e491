package stack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A server program that runs on this machine. */
record Program(Path file, String version) {
  /** A search for one program, which keeps the reason why each place was of no use. */
  static final class Search {
    private static final Duration VERSION_BOUND = Duration.ofSeconds(10);

    private final String program;
    private final String versionOption;
    private final List<String> tried = new ArrayList<>();

    Search(String program, String versionOption) {
      this.program = program;
      this.versionOption = versionOption;
    }

    Optional<Program> onPath(Host host) {
      Optional<Path> found = host.find(program);
      if (found.isEmpty()) {
        failed("PATH", "none");
      }
      return found.flatMap(this::tryOut);
    }

    /** Returns the program if it prints its version; one for another system cannot. */
    Optional<Program> tryOut(Path file) {
      try {
        Path folder = file.toAbsolutePath().getParent();
        List<String> command = List.of(file.toString(), versionOption);
        Command.Ended ended = Command.run(folder, VERSION_BOUND, command);
        if (ended.isFine()) {
          return Optional.of(new Program(file, ended.firstLine()));
        }
        failed(file.toString(), ended.lastLine());
      } catch (IOException e) {
        failed(file.toString(), e.getMessage());
      }
      return Optional.empty();
    }

    void failed(String place, String reason) {
      tried.add("  " + place + ": " + reason);
    }

    /** Returns the failure of the whole search, with what the user can do, each a phrase. */
    StackFailure failure(String... remedies) {
      return new StackFailure(
          "there is no %s that runs here; tried\n%s\nany one of these helps:\n  %s"
              .formatted(program, String.join("\n", tried), String.join("\n  ", remedies)));
    }
  }
}
