package kpi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * All evidence of one run: {@code <root>/<simulation>.<profile>/<time>/}. A file is written whole
 * or not at all.
 */
public final class RunFolder {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final ObjectWriter LINE = new ObjectMapper().writer();

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes a new folder and points {@code <root>/latest} at it.
   *
   * @param root holds the runs of all simulations
   * @param simulation simple class name
   * @param profile name of the profile
   * @param start when the run starts
   * @throws IOException if the folder cannot be made, for example on a full or read-only disk
   */
  public static RunFolder create(Path root, String simulation, String profile, Instant start)
      throws IOException {
    Path path = root.resolve(simulation + "." + profile).resolve(NAME.format(start));
    Files.createDirectories(path.getParent());
    Files.createDirectory(path);
    Files.createDirectory(path.resolve("logs"));
    link(root.resolve("latest"), root.relativize(path));
    return new RunFolder(path);
  }

  /** A folder that an earlier run made. */
  public static RunFolder existing(Path path) {
    return new RunFolder(path);
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** The log file of a process. */
  public Path log(String process) {
    return path.resolve("logs").resolve(process + ".log");
  }

  /**
   * Writes a value as indented JSON.
   *
   * @throws IOException if it cannot be written; a file of that name is then as it was
   */
  public void writeJson(String name, Object value) throws IOException {
    Path part = path.resolve(name + ".part");
    Files.write(part, MAPPER.writeValueAsBytes(value));
    Files.move(
        part,
        path.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  /** The value as JSON in one line. */
  static String line(Object value) throws IOException {
    return LINE.writeValueAsString(value);
  }

  private static void link(Path latest, Path target) throws IOException {
    if (Files.exists(latest) && !Files.isSymbolicLink(latest)) {
      throw new FileAlreadyExistsException(
          latest.toString(), null, "is not a link; remove it, the newest run is linked there");
    }
    Path fresh = latest.resolveSibling("latest." + ProcessHandle.current().pid());
    Files.deleteIfExists(fresh);
    try {
      Files.createSymbolicLink(fresh, target);
      Files.move(
          fresh, latest, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (UnsupportedOperationException e) {
      // A file system without links: the run is complete without this convenience.
      Files.deleteIfExists(fresh);
    }
  }
}
