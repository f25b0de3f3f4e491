package kpi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code <kpi>.<phase>.hlog}: one interval histogram a second in HdrHistogram's own log format,
 * values in nanoseconds, so that other tools read and merge them. For one thread.
 */
public final class HistogramLogs implements Closeable {
  private static final double NS_PER_MS = 1e6;
  private static final double MS_PER_S = 1e3;
  private static final String SUFFIX = ".hlog";
  private static final String MEASURED = "." + Phase.MEASURE.word() + SUFFIX;

  private final RunFolder folder;
  private final long startEpochMs;
  private final Map<String, Log> logs = new HashMap<>();

  private record Log(PrintStream stream, HistogramLogWriter writer) {}

  /** Takes the run's start, to which the intervals' times are relative. */
  HistogramLogs(RunFolder folder, long startEpochMs) {
    this.folder = folder;
    this.startEpochMs = startEpochMs;
  }

  /**
   * The measured values of a run folder.
   *
   * @param histograms sums of all intervals, in nanoseconds, by KPI; only those with a value
   * @param files how many logs there are
   * @param broken names of logs that end in the middle; their whole intervals are in the sums
   */
  public record Measured(Map<String, Histogram> histograms, int files, List<String> broken) {}

  /**
   * The values of a KPI in one second, in nanoseconds.
   *
   * @param fromS start in seconds of the run
   */
  public record Interval(double fromS, double toS, Histogram values) {}

  static String name(Kpi kpi, Phase phase) {
    return kpi.word() + "." + phase.word() + SUFFIX;
  }

  /** Reads the logs of the measured phase. */
  public static Measured read(Path folder) throws IOException {
    Map<String, Histogram> histograms = new TreeMap<>();
    List<String> broken = new ArrayList<>();
    int count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + MEASURED)) {
      for (Path file : files) {
        count++;
        String name = file.getFileName().toString();
        Histogram sum = new Histogram(Distribution.DIGITS);
        try (Source log = new Source(file)) {
          log.forEach(interval -> sum.add(interval.values));
          if (log.isCut) {
            broken.add(name);
          }
        }
        if (sum.getTotalCount() > 0) {
          histograms.put(name.substring(0, name.length() - MEASURED.length()), sum);
        }
      }
    }
    return new Measured(histograms, count, broken);
  }

  /**
   * Reads the whole intervals of a KPI in the measured phase; none if it has no log. One at a time,
   * for those of an hour do not fit into the memory of a generator.
   */
  public static void read(Path folder, Kpi kpi, Consumer<Interval> each) throws IOException {
    Path file = folder.resolve(name(kpi, Phase.MEASURE));
    if (Files.exists(file)) {
      try (Source log = new Source(file)) {
        log.forEach(each);
      }
    }
  }

  /** A log that is read interval by interval, by one thread. */
  static final class Source implements AutoCloseable {
    private final InputStream in;
    private final HistogramLogReader reader;
    private boolean isCut;

    Source(Path file) throws IOException {
      this.in = Files.newInputStream(file);
      this.reader = new HistogramLogReader(in);
    }

    /** Returns the next whole interval; null at the end, which a line that was cut off is too. */
    Interval next() {
      try {
        while (reader.hasNext()) {
          if (reader.nextIntervalHistogram() instanceof Histogram values) {
            double beganMs = reader.getStartTimeSec() * MS_PER_S;
            double fromS = (values.getStartTimeStamp() - beganMs) / MS_PER_S;
            double toS = (values.getEndTimeStamp() - beganMs) / MS_PER_S;
            return new Interval(fromS, toS, values);
          }
        }
      } catch (RuntimeException e) {
        isCut = true; // The reader throws all kinds of them on such a line.
      }
      return null;
    }

    private void forEach(Consumer<Interval> each) {
      for (Interval next = next(); next != null; next = next()) {
        each.accept(next);
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
      in.close();
    }
  }

  /** Appends an interval that has a value. */
  void append(Kpi kpi, Phase phase, Histogram interval, double startS, double endS)
      throws IOException {
    String name = name(kpi, phase);
    if (!logs.containsKey(name)) {
      logs.put(name, open(name));
    }
    Log log = logs.get(name);
    log.writer.outputIntervalHistogram(startS, endS, interval, NS_PER_MS);
    if (log.stream.checkError()) {
      throw new IOException("cannot write " + folder.path().resolve(name));
    }
  }

  @Override
  public void close() {
    logs.values().forEach(log -> log.stream.close());
  }

  private Log open(String name) throws IOException {
    OutputStream file = Files.newOutputStream(folder.path().resolve(name));
    PrintStream stream = new PrintStream(file, false, StandardCharsets.UTF_8);
    HistogramLogWriter writer = new HistogramLogWriter(stream);
    writer.outputLogFormatVersion();
    writer.outputStartTime(startEpochMs);
    writer.setBaseTime(0);
    writer.outputLegend();
    return new Log(stream, writer);
  }
}
