package report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** The HdrHistogram logs of a run folder; warm-up logs are left alone, as their name promises. */
final class HistogramLogs {
  private static final String SUFFIX = ".measure.hlog";

  /** The precision of the sum; the recorders use the same. */
  private static final int SIGNIFICANT_DIGITS = 3;

  private HistogramLogs() {}

  /** Adds up each KPI's measured intervals; a KPI without a single sample is left out. */
  static Map<String, Histogram> read(Path folder, List<Missing> missing) throws IOException {
    Map<String, Histogram> histograms = new TreeMap<>();
    boolean any = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        any = true;
        String name = file.getFileName().toString();
        Histogram sum = sum(file, missing);
        if (sum.getTotalCount() > 0) {
          histograms.put(name.substring(0, name.length() - SUFFIX.length()), sum);
        }
      }
    }
    if (!any) {
      missing.add(
          new Missing(
              "*" + SUFFIX, "No latency histogram was written. No distribution can be shown."));
    }
    return histograms;
  }

  private static Histogram sum(Path file, List<Missing> missing) throws IOException {
    Histogram sum = new Histogram(SIGNIFICANT_DIGITS);
    try (InputStream in = Files.newInputStream(file);
        HistogramLogReader reader = new HistogramLogReader(in)) {
      while (reader.hasNext()) {
        EncodableHistogram interval = reader.nextIntervalHistogram();
        if (interval instanceof Histogram measured) {
          sum.add(measured);
        }
      }
    } catch (RuntimeException e) {
      // The reader throws all kinds of them on a log that was cut off in the middle of a line.
      missing.add(
          new Missing(
              file.getFileName().toString(),
              "The log is broken; its whole intervals before the break are shown."));
    }
    return sum;
  }
}
