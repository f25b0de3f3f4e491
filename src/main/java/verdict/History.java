package verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kpi.UnusableFile;

/**
 * The figures of runs over the commits: {@code history.ndjson}, one run a line, append-only, so
 * that git merges it and a crash costs one line at most.
 */
public final class History {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path folder;
  private final Path file;

  /**
   * @param folder holds the file, beside the baselines; created with the first run
   */
  public History(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("history.ndjson");
  }

  /**
   * The content of the file.
   *
   * @param entries the runs, oldest first, each once
   * @param unread a sentence for each line that was left out
   */
  public record Content(List<HistoryEntry> entries, List<String> unread) {}

  /** Returns the file, which may not exist. */
  public Path file() {
    return file;
  }

  /**
   * Reads every line that can be read; nothing, if there is no file.
   *
   * @throws UnusableFile if there are lines, and not one of them is a run
   */
  public Content read() throws UnusableFile {
    List<HistoryEntry> entries = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    Set<HistoryEntry.Identity> there = new HashSet<>();
    List<String> lines = new String(bytes(), StandardCharsets.UTF_8).lines().toList();
    for (int index = 0; index < lines.size(); index++) {
      if (!lines.get(index).isBlank()) {
        String line = "line " + (index + 1);
        try {
          HistoryEntry entry = parse(lines.get(index));
          if (there.add(entry.identity())) {
            entries.add(entry);
          } else {
            unread.add(file + ", " + line + " is left out: that run is in the file already.");
          }
        } catch (UnusableFile e) {
          unread.add(file + ", " + line + " is left out: " + e.getMessage());
        }
      }
    }
    if (entries.isEmpty() && !unread.isEmpty()) {
      throw new UnusableFile(
          file + " is no history: not one line of it is a run. " + unread.get(0));
    }
    entries.sort(Comparator.comparing(HistoryEntry::start));
    return new Content(List.copyOf(entries), List.copyOf(unread));
  }

  /**
   * Appends runs, each in a write of its own; one that is in the file already is not added again.
   * Others may append at the same time.
   *
   * @return those that were added
   * @throws UnusableFile if the file is no history
   * @throws IOException if the file cannot be written
   */
  public List<HistoryEntry> add(List<HistoryEntry> runs) throws UnusableFile, IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      // Closing the channel releases the lock.
      var unused = channel.lock();
      Set<HistoryEntry.Identity> there = new HashSet<>();
      read().entries().forEach(entry -> there.add(entry.identity()));
      List<HistoryEntry> added = new ArrayList<>();
      byte[] before = bytes();
      // After a line that was cut off a new one starts, or both would be lost.
      String start = before.length > 0 && before[before.length - 1] != '\n' ? "\n" : "";
      for (HistoryEntry run : runs) {
        if (there.add(run.identity())) {
          String line = (added.isEmpty() ? start : "") + MAPPER.writeValueAsString(run) + "\n";
          ByteBuffer whole = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
          while (whole.hasRemaining()) {
            channel.write(whole);
          }
          added.add(run);
        }
      }
      return added;
    }
  }

  private byte[] bytes() throws UnusableFile {
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw new UnusableFile(file + " cannot be read: " + e, e);
    }
  }

  private static HistoryEntry parse(String line) throws UnusableFile {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (!node.isObject()) {
        throw new UnusableFile("it is not a JSON object.");
      }
      if (node.path("schema").asInt() != HistoryEntry.SCHEMA) {
        throw new UnusableFile(
            "it" + UnusableFile.schema(node.path("schema"), HistoryEntry.SCHEMA));
      }
      HistoryEntry entry = MAPPER.treeToValue(node, HistoryEntry.class);
      List<String> faults = entry.faults();
      if (!faults.isEmpty()) {
        throw new UnusableFile(String.join("; ", faults) + ".");
      }
      return entry;
    } catch (JsonProcessingException e) {
      throw new UnusableFile("it is broken: " + e.getOriginalMessage() + ".", e);
    }
  }
}
