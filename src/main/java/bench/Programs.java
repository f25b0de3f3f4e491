package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where programs are looked for.
 *
 * @param folders in this order
 */
public record Programs(List<Path> folders) {
  private static final int VERSION_BOUND_S = 5;

  /** Servers live here, and the search path of an ordinary user often leaves it out. */
  private static final List<Path> SERVERS = List.of(Path.of("/usr/sbin"), Path.of("/sbin"));

  /**
   * The folders of a search path, then those where systems keep servers.
   *
   * @param searchPath folders with colons between them, such as the environment's PATH
   */
  public static Programs on(String searchPath) {
    return new Programs(
        Stream.concat(
                Arrays.stream(searchPath.split(":", -1))
                    .filter(folder -> !folder.isBlank())
                    .map(Path::of),
                SERVERS.stream())
            .toList());
  }

  /** The first executable file of that name. */
  public Optional<Path> find(String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** The first line that a program prints about its version, or its name if it prints none. */
  public static String version(Path program) {
    try {
      Process asked =
          new ProcessBuilder(program.toString(), "-v").redirectErrorStream(true).start();
      if (!asked.waitFor(VERSION_BOUND_S, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
      }
      String text =
          new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.lines().findFirst().orElse(program.toString());
    } catch (IOException e) {
      return program + " (does not tell its version)";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return program.toString();
    }
  }
}
