package kpi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code samples.ndjson}: one {@link Sample} a line, written as it is taken. For one thread. */
public final class SampleLog implements Closeable {
  public static final String FILE = "samples.ndjson";

  /** Moments of faults, in a run that has them. */
  public static final String FAULTS = "faults.ndjson";

  private final BufferedWriter writer;

  SampleLog(RunFolder folder) throws IOException {
    writer = Files.newBufferedWriter(folder.path().resolve(FILE));
  }

  /**
   * The samples of a run folder.
   *
   * @param lines the whole lines, in their order; each has a number {@code t}
   * @param broken how many lines are not samples, as after a crash or on a full disk
   */
  public record Content(List<JsonNode> lines, int broken) {}

  /** Reads every sample that can be read. */
  public static Content read(Path folder) throws IOException {
    return read(folder, FILE);
  }

  /** Reads every line that can be read of a file of lines with a number {@code t}. */
  public static Content read(Path folder, String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    int broken = 0;
    // Not readString: it throws at a broken character, and takes the good lines with it.
    String text = new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      JsonNode sample = parse(line);
      if (sample.path("t").isNumber()) {
        lines.add(sample);
      } else {
        broken++;
      }
    }
    return new Content(lines, broken);
  }

  void append(Map<String, Object> line) throws IOException {
    writer.write(JsonFile.LINE.writeValueAsString(line));
    writer.newLine();
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static JsonNode parse(String line) {
    try {
      return JsonFile.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // Counted by the caller.
    }
  }
}
