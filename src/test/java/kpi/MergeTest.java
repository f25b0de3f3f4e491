package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of four generators, each with a start and seconds of its own, beside those of one. */
class MergeTest {
  private static final int GENERATORS = 4;
  private static final int SECONDS = 5;
  private static final String START = "2026-11-28T20:00:00Z";
  private static final int VALUES = 2_000;

  @TempDir private Path folder;
  private final SplittableRandom random = new SplittableRandom(7);
  private final Distribution single = new Distribution();
  private final Map<Path, Manifest> runs = new LinkedHashMap<>();

  @Test
  void percentiles_are_exactly_those_of_one_recorder_fed_with_all_values() throws IOException {
    for (int index = 0; index < GENERATORS; index++) {
      generator(index);
    }
    RunFolder into = RunFolder.existing(folder);
    Merge merge = new Merge(runs, into);
    Histogram merged = merge.logs().get(Kpi.TTFT.word());
    merge.samples();
    single.rotate();
    assertThat(Percentiles.of(Kpi.TTFT, merged, single.sum()))
        .isEqualTo(Percentiles.of(Kpi.TTFT, single));
    assertThat(HistogramLogs.read(folder).histograms().get(Kpi.TTFT.word())).isEqualTo(merged);

    assertThat(merge.before()).isEqualTo(1); // The least of all generators.
    List<JsonNode> samples = SampleLog.read(folder).lines();
    assertThat(samples).hasSize(1 + SECONDS);
    assertThat(samples.get(0).path("events_per_s").asDouble()).isZero();
    assertThat(samples.subList(1, samples.size()))
        .allSatisfy(
            sample -> {
              assertThat(sample.path("events_per_s").asDouble()).isEqualTo(GENERATORS * VALUES);
              assertThat(sample.path("ttft_p99_ms").asDouble()).isPositive();
              assertThat(sample.path("processes").size()).isEqualTo(GENERATORS + 1);
            });
    assertThat(samples.get(SECONDS).path("streams_ok").asInt()).isEqualTo(GENERATORS * SECONDS);
  }

  /**
   * A wait of each is one of ten, and too many of forty; two of ten are few of thousands; a
   * generator that was late itself shows nothing of the target.
   */
  @Test
  void a_second_is_good_if_the_waits_of_all_generators_in_it_were() throws IOException {
    for (int index = 0; index < GENERATORS; index++) {
      generator(index);
      boolean first = index == 0;
      List<Second> seconds =
          List.of(
              second(index + 1, 10, Map.of(Kpi.GAP, late(1))),
              second(index + 2, first ? 10 : 1_000, first ? Map.of(Kpi.GAP, late(2)) : Map.of()),
              second(
                  index + 3,
                  10,
                  first ? Map.of(Kpi.GAP, late(9), Kpi.GENERATOR_LAG, late(1)) : Map.of()),
              second(index + 4, 10, Map.of(Kpi.GENERATOR_LAG, late(1))));
      RunFolder.existing(folder.resolve("generator-" + index))
          .writeJson(Seconds.FILE, Seconds.Judged.of(1, seconds));
    }
    Merge merge = new Merge(runs, RunFolder.existing(folder));
    assertThat(merge.seconds().sentence())
        .isEqualTo(
            "2 of 3 seconds were good. The worst, at 1 s: gap: 4 of 40 streams stood still beyond"
                + " 500 ms, for up to 700 ms; injector-0 collected garbage for 60 ms; injector-1"
                + " collected garbage for 60 ms; injector-2 collected garbage for 60 ms;"
                + " injector-3 collected garbage for 60 ms; llm did not answer. 1 more are not"
                + " judged, for the generator was late.");
    assertThat(merge.seconds().figure().orElseThrow().value()).isCloseTo(66.667, within(0.001));

    Path last = folder.resolve("generator-2").resolve(Seconds.FILE);
    Files.writeString(last, "{\"schema\":1,\"judged\":4,\"good\":1}");
    assertThat(merge.seconds().figure()).as("of an older version").isEmpty();
    Files.writeString(last, "{\"schema\":1,\"sample_s\":2,\"seconds\":[]}");
    assertThat(merge.seconds().figure()).as("samples of another length").isEmpty();
    Files.delete(last);
    assertThat(merge.seconds().figure()).isEmpty();
  }

  @Test
  void a_failure_of_what_takes_the_values_of_a_log_is_no_end_of_the_log() throws IOException {
    generator(0);
    Path own = folder.resolve("generator-0");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                HistogramLogs.read(
                    own,
                    Kpi.TTFT,
                    interval -> {
                      throw new IllegalStateException();
                    }));
    Path log = own.resolve("ttft.measure.hlog");
    String text = Files.readString(log);
    Files.writeString(log, text.substring(0, text.length() - 9));
    assertThat(HistogramLogs.read(own).broken()).containsExactly("ttft.measure.hlog");
  }

  private static Second second(int at, int open, Map<Kpi, Second.Late> late) {
    Map<String, String> processes =
        Map.of(KpiReport.INJECTOR, "collected garbage for 60 ms", "llm", "did not answer");
    return new Second(at, open, 0, 0, Map.of(), late, processes);
  }

  private static Second.Late late(int count) {
    return new Second.Late(count, 700_000_000, 500_000_000);
  }

  /** Its measured phase begins after as many seconds as its index, and one. */
  private void generator(int index) throws IOException {
    Path own = folder.resolve("generator-" + index);
    Files.createDirectory(own);
    RunFolder files = RunFolder.existing(own);
    runs.put(own, manifest(index));
    try (HistogramLogs logs = new HistogramLogs(files, 1_000L * index);
        SampleLog lines = new SampleLog(files)) {
      for (int second = 0; second < index + 1 + SECONDS; second++) {
        boolean measured = second > index;
        lines.append(line(second + 1.1, measured ? VALUES : 0, Math.max(0, second - index)));
        if (measured) {
          logs.append(Kpi.TTFT, Phase.MEASURE, values(), second + 0.1, second + 1.1);
        }
      }
    }
  }

  private static Manifest manifest(int index) throws IOException {
    Manifest.Share share =
        new Manifest.Share(index, GENERATORS, START, index + 1.2, 0, "host", 0, null);
    String json = JsonFile.MAPPER.writeValueAsString(Map.of("share", share));
    return JsonFile.MAPPER.readValue(json, Manifest.class);
  }

  private Histogram values() {
    Histogram interval = new Histogram(1, Distribution.MAX_NS, Distribution.DIGITS);
    List<Long> all = new ArrayList<>();
    for (int value = 0; value < VALUES; value++) {
      all.add((long) Math.exp(12 + 8 * random.nextDouble()));
    }
    all.forEach(interval::recordValue);
    all.forEach(single::record);
    return interval;
  }

  private static Map<String, Object> line(double t, int events, int ok) {
    Map<String, Object> line = new LinkedHashMap<>(Map.of("t", t, "phase", "hold"));
    line.put("events_per_s", (double) events);
    line.put("streams_ok", ok);
    line.put(
        "processes", Map.of(KpiReport.INJECTOR, Map.of("cpu_s", 1), "llm", Map.of("cpu_s", 2)));
    return line;
  }
}
