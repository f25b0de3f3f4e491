package kpi;

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
 * or not at all, and read back into the record that wrote it.
 */
public final class RunFolder {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Creates a folder and points {@code <root>/latest} at it.
   *
   * @param mark ends its name, so that several generators may begin at once; empty for one alone
   * @throws IOException if the folder cannot be made, for example on a full or read-only disk
   */
  public static RunFolder create(
      Path root, String simulation, String profile, Instant start, String mark) throws IOException {
    Path path = root.resolve(simulation + "." + profile).resolve(NAME.format(start) + mark);
    Files.createDirectories(path.getParent());
    Files.createDirectory(path);
    Files.createDirectory(path.resolve("logs"));
    link(root.resolve("latest"), root.relativize(path));
    return new RunFolder(path);
  }

  public static RunFolder existing(Path path) {
    return new RunFolder(path);
  }

  public Path path() {
    return path;
  }

  public Path log(String process) {
    return path.resolve("logs").resolve(process + ".log");
  }

  /**
   * Writes a value as indented JSON.
   *
   * @throws IOException if it cannot be written; a file of that name is then unchanged
   */
  public void writeJson(String name, Object value) throws IOException {
    JsonFile.write(path.resolve(name), JsonFile.MAPPER.writeValueAsBytes(value));
  }

  /**
   * Reads a JSON file of this folder.
   *
   * @throws UnusableFile if it is absent, broken, or of another schema
   */
  public <T> T read(String name, Class<T> type) throws UnusableFile {
    Path file = path.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new UnusableFile(
          path
              + (Files.isDirectory(path)
                  ? " is not a complete run folder: it has no " + name + incomplete(name)
                  : " is not a folder.")
              + " Runs are in target/runs; the newest is target/runs/latest.");
    }
    return JsonFile.read(file, JsonFile.MAPPER, type, "");
  }

  /** A run writes its manifest first. */
  private String incomplete(String name) {
    boolean begun = !name.equals(Manifest.FILE) && Files.exists(path.resolve(Manifest.FILE));
    return begun ? ", because the run goes on or was killed." : ".";
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
