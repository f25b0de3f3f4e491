package kpi;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** JSON files with a schema number, written whole or not at all and read back into a record. */
public final class JsonFile {
  /** The only version of all files so far. */
  public static final int SCHEMA = 1;

  /** Of the files of a run: what an older or interrupted one did not write reads as empty. */
  public static final ObjectMapper MAPPER = mapper();

  private JsonFile() {}

  private static ObjectMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    for (Class<?> type : List.of(String.class, List.class, Map.class)) {
      builder.withConfigOverride(
          type, each -> each.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
    }
    return builder.build();
  }

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
