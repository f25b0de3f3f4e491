package kpi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** JSON files with a schema number, written whole or not at all and read back into a record. */
public final class JsonFile {
  /** The only version of all files so far. */
  public static final int SCHEMA = 1;

  private JsonFile() {}

  /**
   * Writes a file, over an older one.
   *
   * @throws IOException if it cannot be written; an older one is then unchanged
   */
  public static Path write(Path file, byte[] content) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.write(part, content);
      return Files.move(
          part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Reads a file.
   *
   * @param advice what to do about a broken file; empty, or continues the sentence
   * @throws UnusableFile if it is broken, or of another schema
   */
  public static <T> T read(Path file, ObjectMapper mapper, Class<T> type, String advice)
      throws UnusableFile {
    try {
      JsonNode node = mapper.readTree(file.toFile());
      JsonNode schema = node.path("schema");
      if (!schema.isInt() || schema.asInt() != SCHEMA) {
        throw new UnusableFile(file + UnusableFile.schema(schema, SCHEMA));
      }
      return mapper.treeToValue(node, type);
    } catch (JsonProcessingException e) {
      throw new UnusableFile(file + " is broken: " + UnusableFile.reason(e) + advice, e);
    } catch (IOException e) {
      throw new UnusableFile(file + " cannot be read: " + e, e);
    }
  }
}
