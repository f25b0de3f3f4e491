package kpi;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code <kpi>.<phase>.hlog}: one interval histogram a second in HdrHistogram's own log format,
 * values in nanoseconds, so that other tools read and merge them. For one thread.
 */
final class HistogramLogs implements Closeable {
  private static final double NS_PER_MS = 1e6;

  private final RunFolder folder;
  private final long startEpochMs;
  private final Map<String, PrintStream> streams = new LinkedHashMap<>();
  private final Map<String, HistogramLogWriter> writers = new LinkedHashMap<>();

  /**
   * @param folder takes the files; one is made when its first value comes
   * @param startEpochMs the run's start, to which the intervals' times are relative
   */
  HistogramLogs(RunFolder folder, long startEpochMs) {
    this.folder = folder;
    this.startEpochMs = startEpochMs;
  }

  /** Appends an interval; an empty one is left out. */
  void append(Kpi kpi, Phase phase, Histogram interval, double startS, double endS)
      throws IOException {
    if (interval.getTotalCount() == 0) {
      return;
    }
    String name = kpi.word() + "." + phase.word() + ".hlog";
    HistogramLogWriter writer = writers.get(name);
    if (writer == null) {
      writer = open(name);
      writers.put(name, writer);
    }
    writer.outputIntervalHistogram(startS, endS, interval, NS_PER_MS);
    if (streams.get(name).checkError()) {
      throw new IOException("cannot write " + folder.path().resolve(name));
    }
  }

  @Override
  public void close() {
    streams.values().forEach(PrintStream::close);
  }

  private HistogramLogWriter open(String name) throws IOException {
    PrintStream stream =
        new PrintStream(
            Files.newOutputStream(folder.path().resolve(name)), false, StandardCharsets.UTF_8);
    streams.put(name, stream);
    HistogramLogWriter writer = new HistogramLogWriter(stream);
    writer.outputLogFormatVersion();
    writer.outputStartTime(startEpochMs);
    writer.setBaseTime(0);
    writer.outputLegend();
    return writer;
  }
}
