package report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Run folders that are kept as test data: a green run, a red one, an interrupted one, one that is
 * worse than its baseline, and one that could not be compared with it.
 */
final class Golden {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Path ROOT = Path.of("src/test/resources/golden");

  private Golden() {}

  static Path folder(String name) {
    return ROOT.resolve(name);
  }

  /** Returns a copy that a test may change and write reports into. */
  static Path copy(String name, Path into) throws IOException {
    Path copy = Files.createDirectories(into.resolve(name));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(name))) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** Changes a JSON file. */
  static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(Files.readString(file));
    change.accept(node);
    Files.writeString(file, JSON.writeValueAsString(node));
  }
}
