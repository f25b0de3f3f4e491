package tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every text file of the project: all outside the folders that git, builds and tools make. */
record SourceTree(Path root, List<SourceFile> files) {
  private static final Set<String> MADE = Set.of(".git", "target", ".idea", ".vscode");

  static SourceTree read(Path root) throws IOException {
    List<SourceFile> files = new ArrayList<>();
    try (Stream<Path> top = Files.list(root)) {
      for (Path each : top.filter(path -> !MADE.contains(name(path))).sorted().toList()) {
        try (Stream<Path> below = Files.walk(each)) {
          below
              .filter(Files::isRegularFile)
              .sorted()
              .map(path -> file(root, path))
              .forEach(files::add);
        }
      }
    }
    files.removeIf(file -> file.text().indexOf('\0') >= 0);
    return new SourceTree(root, files);
  }

  Stream<SourceFile> java() {
    return files.stream().filter(SourceFile::isJava);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static SourceFile file(Path root, Path path) {
    return new SourceFile(root.relativize(path).toString().replace('\\', '/'), text(path));
  }

  /** Latin 1 never fails, and every rule looks at ASCII only, save the width of a line. */
  private static String text(Path path) {
    try {
      byte[] bytes = Files.readAllBytes(path);
      String utf8 = new String(bytes, StandardCharsets.UTF_8);
      return utf8.indexOf('\uFFFD') < 0 ? utf8 : new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
