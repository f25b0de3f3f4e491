package kpi;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.HdrHistogram.Histogram;

/**
 * The histogram logs and samples of several generators as those of one. Their seconds lie on each
 * other by the starts of their measured phases. For one thread.
 */
public final class Merge {
  private static final List<String> SUMS =
      List.of("events_per_s", "streams_open", "streams_ok", "streams_failed");

  private final List<Generator> generators = new ArrayList<>();
  private final RunFolder into;

  /** Percentiles by second, as samples have them. */
  private final NavigableMap<Integer, Map<String, Double>> latencies = new TreeMap<>();

  private final int before;

  /** Reads the samples of run folders, each with its manifest. */
  public Merge(Map<Path, Manifest> from, RunFolder into) throws IOException {
    this.into = into;
    for (Map.Entry<Path, Manifest> each : from.entrySet()) {
      List<JsonNode> samples = SampleLog.read(each.getKey()).lines();
      generators.add(new Generator(each.getKey(), each.getValue().share(), samples));
    }
    this.before = generators.stream().mapToInt(Generator::before).min().orElse(0);
  }

  /** One generator with its samples; second 0 is the first one of its measured phase. */
  private record Generator(Path folder, Manifest.Share share, List<JsonNode> samples) {
    int before() {
      return (int) samples.stream().filter(each -> t(each) <= share.measuredFromS()).count();
    }

    /** Returns the second of the sample that was taken next to a moment of the run. */
    int second(double atS) {
      int at = 0;
      while (at + 1 < samples.size()
          && Math.abs(t(samples.get(at + 1)) - atS) <= Math.abs(t(samples.get(at)) - atS)) {
        at++;
      }
      return at - before();
    }

    /** Returns the sample of a second, or the last one before; null if there is none. */
    JsonNode at(int second) {
      int at = Math.min(second + before(), samples.size() - 1);
      return at < 0 ? null : samples.get(at);
    }

    /** Returns the number of seconds from the start of the measured phase on. */
    int after() {
      return samples.size() - before();
    }

    private static double t(JsonNode sample) {
      return sample.path("t").asDouble();
    }
  }

  /** The next interval in the log of a generator; that values are missing shows in counts. */
  private record Next(Generator of, HistogramLogs.Source log, int second, Histogram values) {
    static void add(Generator of, HistogramLogs.Source log, Queue<Next> queue) {
      HistogramLogs.Interval next = log.next();
      if (next != null) {
        queue.add(new Next(of, log, of.second(next.toS()), next.values()));
      }
    }
  }

  private Instant start() {
    return Instant.parse(generators.get(0).share.startAt()).minusSeconds(before);
  }

  /** Returns how many seconds of the merged run lie before its measured phase. */
  public int before() {
    return before;
  }

  /**
   * Writes the sums of all logs.
   *
   * @return all values of the measured phase by KPI, in nanoseconds
   */
  public Map<String, Histogram> logs() throws IOException {
    Map<String, Histogram> measured = new TreeMap<>();
    try (HistogramLogs logs = new HistogramLogs(into, start().toEpochMilli())) {
      for (Kpi kpi : Kpi.values()) {
        merge(kpi, Phase.WARM_UP, logs);
        measured.put(kpi.word(), merge(kpi, Phase.MEASURE, logs));
      }
    }
    return measured;
  }

  private Histogram merge(Kpi kpi, Phase phase, HistogramLogs logs) throws IOException {
    Histogram total = new Histogram(Distribution.DIGITS);
    List<HistogramLogs.Source> open = new ArrayList<>();
    Queue<Next> queue = new PriorityQueue<>(Comparator.comparingInt(Next::second));
    try {
      for (Generator each : generators) {
        Path file = each.folder.resolve(HistogramLogs.name(kpi, phase));
        if (Files.isRegularFile(file)) {
          open.add(new HistogramLogs.Source(file));
          Next.add(each, open.get(open.size() - 1), queue);
        }
      }
      while (!queue.isEmpty()) {
        int second = queue.peek().second;
        Histogram sum = new Histogram(Distribution.DIGITS);
        while (!queue.isEmpty() && queue.peek().second <= second) {
          Next next = queue.poll();
          sum.add(next.values);
          Next.add(next.of, next.log, queue);
        }
        total.add(sum);
        int endS = Math.max(1, second + before + 1);
        logs.append(kpi, phase, sum, endS - 1.0, endS);
        latencies
            .computeIfAbsent(second, unused -> new LinkedHashMap<>())
            .putAll(Sample.percentiles(kpi, sum));
      }
    } finally {
      for (HistogramLogs.Source log : open) {
        log.close();
      }
    }
    return total;
  }

  /** Writes the samples: sums of what adds up, percentiles of all values; after {@link #logs}. */
  public void samples() throws IOException {
    int after = generators.stream().mapToInt(Generator::after).max().orElse(0);
    try (SampleLog lines = new SampleLog(into)) {
      for (int at = -before; at < after; at++) {
        int second = at;
        List<JsonNode> all =
            generators.stream().map(each -> each.at(second)).filter(Objects::nonNull).toList();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("t", (double) (second + before + 1));
        line.put("phase", all.get(0).path("phase").asText());
        for (String field : SUMS) {
          line.put(field, all.stream().mapToDouble(each -> each.path(field).asDouble()).sum());
        }
        line.putAll(latencies.getOrDefault(second, Map.of()));
        line.put("processes", processes(second));
        lines.append(line);
      }
    }
  }

  /** Writes the seconds of all generators, and judges them as those of one. */
  public Seconds.Judged seconds() throws IOException {
    NavigableMap<Integer, Second> all = new TreeMap<>();
    int sampleS = 0;
    for (Generator each : generators) {
      Seconds.Judged own;
      try {
        own = RunFolder.existing(each.folder).read(Seconds.FILE, Seconds.Judged.class);
      } catch (UnusableFile e) {
        return Seconds.NONE; // Then the figure is not known of all of them.
      }
      if (own.sampleS() == 0 || (sampleS != 0 && own.sampleS() != sampleS)) {
        return Seconds.NONE; // An older version wrote no seconds; others do not lie on each other.
      }
      sampleS = own.sampleS();
      int later = before - (int) (each.share.measuredFromS() / sampleS);
      for (Second second : own.seconds()) {
        all.merge(second.at() + later, second.of(each.share.index(), later), Second::plus);
      }
    }
    Seconds.Judged judged = Seconds.Judged.of(sampleS, all.values());
    into.writeJson(Seconds.FILE, judged);
    return judged;
  }

  /** Each generator by its index; of a target that all of them sample, what the first one saw. */
  private Map<String, JsonNode> processes(int second) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (Generator each : generators) {
      JsonNode sample = each.at(second);
      if (sample != null && second < each.after()) {
        sample
            .path("processes")
            .properties()
            .forEach(
                process ->
                    all.merge(
                        process.getKey().equals(KpiReport.INJECTOR)
                            ? injector(each.share.index())
                            : process.getKey(),
                        process.getValue(),
                        (known, other) -> known.isNull() ? other : known));
      }
    }
    return all;
  }

  /** Returns the entries of two maps; values of one key become one. */
  static <K, V> Map<K, V> maps(Map<K, V> one, Map<K, V> other, BinaryOperator<V> by) {
    Map<K, V> all = new TreeMap<>(one);
    other.forEach((key, value) -> all.merge(key, value, by));
    return all;
  }

  /** Returns the name of the process of a generator in a merged run. */
  public static String injector(int index) {
    return KpiReport.INJECTOR + "-" + index;
  }
}
