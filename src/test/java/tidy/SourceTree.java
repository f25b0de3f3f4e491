package tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Every text file that belongs to the project: what git tracks or would track, or, in a copy
 * without git, everything outside the folders that builds and tools make.
 */
record SourceTree(Path root, List<SourceFile> files) {
  private static final int GIT_BOUND_S = 20;
  private static final Set<String> MADE = Set.of(".git", "target", ".idea", ".vscode");

  static SourceTree read(Path root) throws InterruptedException {
    List<String> paths = tracked(root).orElseGet(() -> walked(root));
    List<SourceFile> files =
        paths.stream()
            .filter(path -> Files.isRegularFile(root.resolve(path)))
            .map(path -> new SourceFile(path, text(root.resolve(path))))
            .filter(file -> file.text().indexOf('\0') < 0)
            .toList();
    return new SourceTree(root, files);
  }

  Stream<SourceFile> java() {
    return files.stream().filter(SourceFile::isJava);
  }

  private static Optional<List<String>> tracked(Path root) throws InterruptedException {
    if (!Files.exists(root.resolve(".git"))) {
      return Optional.empty();
    }
    try {
      Process git =
          new ProcessBuilder("git", "ls-files", "--cached", "--others", "--exclude-standard")
              .directory(root.toAbsolutePath().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(GIT_BOUND_S, TimeUnit.SECONDS) && git.exitValue() == 0
          ? Optional.of(output.lines().toList())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // A machine without git: then the tree is walked.
    }
  }

  static List<String> walked(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .map(root::relativize)
          .filter(path -> !MADE.contains(path.getName(0).toString()))
          .filter(path -> Files.isRegularFile(root.resolve(path)))
          .map(path -> path.toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
