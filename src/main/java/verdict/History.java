package verdict;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kpi.JsonFile;
import kpi.UnusableFile;
import verdict.Check.Outcome;

/**
 * The figures of runs over the commits: {@code history.ndjson}, one run a line, append-only, so
 * that git merges it and a crash costs one line at most.
 *
 * @param folder holds the file, beside the baselines; created with the first run
 */
public record History(Path folder) {
  /**
   * One run: a line of the file.
   *
   * @param time start of the run, ISO 8601; identifies the run with simulation and profile
   * @param settings that shape the load: figures under others are not compared
   * @param verdict of the run; never INVALID
   * @param figures every figure by name, in the unit of the catalogue
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Entry(
      int schema,
      String time,
      String commit,
      boolean dirty,
      String simulation,
      String profile,
      MachineClass machine,
      Map<String, String> settings,
      long seed,
      Outcome verdict,
      Map<String, Double> figures) {
    /** Requires a time and figures that mean something, for lines are edited by hand. */
    public Entry {
      if (verdict == Outcome.INVALID) {
        throw new IllegalArgumentException("the verdict is INVALID, and such runs are not kept");
      }
      if (!figures.values().stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("a figure is not a number");
      }
      try {
        var unused = Instant.parse(time);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("its time '" + time + "' is not ISO 8601", e);
      }
    }

    /**
     * Returns the entry of a run.
     *
     * @throws UnusableFile if the run is not valid, or its figures are of a planted defect
     */
    public static Entry of(RunRecord run) throws UnusableFile {
      if (run.verdict().verdict() == Outcome.INVALID) {
        throw new UnusableFile(
            run.folder() + " is INVALID, so its figures mean nothing: " + run.verdict().sentence());
      }
      if (!run.defects().isEmpty()) {
        throw new UnusableFile(run.folder() + " ran with a planted defect, " + run.defects() + ".");
      }
      Map<String, Double> figures = new LinkedHashMap<>();
      for (FigureName name : Baseline.names(run.report())) {
        name.value(run.report())
            .ifPresent(value -> figures.put(name.text(), Spread.rounded(value)));
      }
      try {
        return new Entry(
            JsonFile.SCHEMA,
            run.started(),
            run.commit(),
            run.dirty(),
            run.simulation(),
            run.profile(),
            run.machine(),
            new TreeMap<>(run.settings()),
            run.manifest().seed(),
            run.verdict().verdict(),
            figures);
      } catch (IllegalArgumentException e) {
        throw new UnusableFile(run.folder() + " cannot be kept: " + e.getMessage() + ".", e);
      }
    }

    /** Returns the short commit, with a + after it if there were uncommitted changes. */
    public String mark() {
      return String.format(Locale.ROOT, "%.7s%s", commit, dirty ? "+" : "");
    }

    /** Returns the start of the run to the minute, UTC, such as {@code 2026-11-21 03:00}. */
    public String minute() {
      return start().toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1");
    }

    Instant start() {
      return Instant.parse(time);
    }

    private String identity() {
      return simulation + "/" + profile + "/" + start();
    }
  }

  /** Returns the file, which may not exist. */
  public Path file() {
    return folder.resolve("history.ndjson");
  }

  /**
   * Reads every line that can be read; nothing, if there is no file.
   *
   * @param unread receives a sentence for each line that was left out
   * @return the runs, oldest first, each once
   * @throws UnusableFile if there are lines, and not one of them is a run
   */
  public List<Entry> read(List<String> unread) throws UnusableFile {
    Map<String, Entry> runs = new LinkedHashMap<>();
    int number = 0;
    for (String line : text().lines().toList()) {
      number++;
      try {
        Entry run =
            line.isBlank() ? null : JsonFile.parse("it", line, Baselines.MAPPER, Entry.class, ".");
        if (run != null && runs.putIfAbsent(run.identity(), run) != null) {
          throw new UnusableFile("that run is in the file already.");
        }
      } catch (UnusableFile e) {
        unread.add(file() + ", line " + number + " is left out: " + e.getMessage());
      }
    }
    if (runs.isEmpty() && !unread.isEmpty()) {
      throw new UnusableFile(
          file() + " is no history: not one line of it is a run. " + unread.get(0));
    }
    return runs.values().stream().sorted(Comparator.comparing(Entry::start)).toList();
  }

  /**
   * Appends runs, each in a write of its own; one that is in the file already is not added again.
   * Others may append at the same time.
   *
   * @return those that were added
   * @throws UnusableFile if the file is no history
   * @throws IOException if the file cannot be written
   */
  public List<Entry> add(List<Entry> runs) throws UnusableFile, IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
        FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      // Closing the channel releases the lock.
      var unused = channel.lock();
      Set<String> there = new HashSet<>();
      read(new ArrayList<>()).forEach(entry -> there.add(entry.identity()));
      List<Entry> added = new ArrayList<>();
      String before = text();
      // After a line that was cut off a new one starts, or both would be lost.
      String start = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
      for (Entry run : runs) {
        if (there.add(run.identity())) {
          String line = start + Baselines.MAPPER.writeValueAsString(run) + "\n";
          ByteBuffer whole = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
          while (whole.hasRemaining()) {
            channel.write(whole);
          }
          added.add(run);
          start = "";
        }
      }
      return added;
    }
  }

  private String text() throws UnusableFile {
    try {
      return Files.exists(file())
          ? new String(Files.readAllBytes(file()), StandardCharsets.UTF_8)
          : "";
    } catch (IOException e) {
      throw new UnusableFile(file() + " cannot be read: " + e, e);
    }
  }
}
