package kpi;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** JSON files with a schema number, written whole or not at all and read back into a record. */
public final class JsonFile {
  /** The only version of all files so far. */
  public static final int SCHEMA = 1;

  /** Of the files of a run: what an older or interrupted one did not write reads as empty. */
  public static final ObjectMapper MAPPER = mapper();

  /** Writes an object as one line, for files of lines. */
  public static final ObjectWriter LINE =
      MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);

  /** Jackson's advice to programmers, and the class that it could not create. */
  private static final Pattern ADVICE =
      Pattern.compile("(; `Deser| \\(set Deser| \\(but could if|: not allowed when `Deser).*");

  private static final Pattern PROBLEM =
      Pattern.compile("^Cannot construct instance of .*, problem: ");

  private static final Pattern MISSING =
      Pattern.compile("Missing (?:required )?creator property ('[^']*') \\(index \\d+\\)");

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
      return parse(file.toString(), Files.readString(file), mapper, type, advice);
    } catch (CharacterCodingException e) {
      throw new UnusableFile(file + " is broken: it is no text." + advice, e);
    } catch (IOException e) {
      throw new UnusableFile(file + " cannot be read: " + e, e);
    }
  }

  /**
   * Parses the content of a file, or a line of it.
   *
   * @param subject begins the sentence of an error
   * @param advice as for {@link #read}
   * @throws UnusableFile if it is broken, or of another schema
   */
  public static <T> T parse(
      String subject, String content, ObjectMapper mapper, Class<T> type, String advice)
      throws UnusableFile {
    if (content.isBlank()) {
      throw new UnusableFile(subject + " is empty." + advice);
    }
    try {
      JsonNode node = mapper.readTree(content);
      JsonNode schema = node.path("schema");
      if (!schema.isInt() || schema.asInt() != SCHEMA) {
        boolean newer = schema.isIntegralNumber() && schema.asDouble() > SCHEMA;
        throw new UnusableFile(
            subject
                + (newer
                    ? (" has schema " + schema + ", newer than the " + SCHEMA)
                        + " known here; update Gauntlet."
                    : " has no schema " + SCHEMA + "; it was not written by Gauntlet."));
      }
      return mapper.treeToValue(node, type);
    } catch (JsonProcessingException e) {
      throw new UnusableFile(subject + " is broken: " + reason(e) + advice, e);
    }
  }

  /** Returns what a JSON reader found wrong and where, without the source text. */
  private static String reason(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
    String where = at == null || at.getLineNr() < 1 ? path : "line " + at.getLineNr();
    String what = ADVICE.matcher(e.getOriginalMessage()).replaceFirst("");
    what = PROBLEM.matcher(what).replaceFirst("");
    return MISSING.matcher(what).replaceFirst("$1 is missing")
        + (where.isEmpty() ? "" : " (" + where + ")");
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
        .collect(Collectors.joining(" / "));
  }
}
