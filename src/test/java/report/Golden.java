package report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Run folders that were made once and kept: a green run, a red one, one that was interrupted, one
 * that is worse than its baseline, one that could not be compared with it.
 */
final class Golden {
  private static final Path ROOT = Path.of("src/test/resources/golden");

  private Golden() {}

  static Path folder(String name) {
    return ROOT.resolve(name);
  }

  /** A copy that a test may change and write reports into. */
  static Path copy(String name, Path into) throws IOException {
    Path copy = Files.createDirectories(into.resolve(name));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(name))) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }
}
