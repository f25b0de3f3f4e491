package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.Await;
import testing.ScriptedServer;

class SamplerTest {
  private static final ObjectMapper MAPPER = JsonFile.MAPPER;
  private static final long MS = 1_000_000;
  private static final String FIGURES =
      "{\"process\":{\"cpu_s\":1.5,\"rss_bytes\":64000000,\"threads\":9}}";

  @TempDir Path root;

  private final AtomicLong clockNs = new AtomicLong();
  private final Timeline timeline = new Timeline(clockNs::get, "start");
  private final Recorders recorders = new Recorders();
  private final Tally warmUp = new Tally();
  private final Tally measured = new Tally();
  private final List<MetricsSource> sources = new ArrayList<>();
  private final List<Sample> seen = new ArrayList<>();
  private final List<IOException> errors = new ArrayList<>();

  @AutoClose
  private final ScriptedServer metrics =
      new ScriptedServer(
          (request, wire) -> {
            switch (request.split(" ", 3)[1]) {
              case "/metrics" -> wire.sendWhole(FIGURES);
              case "/broken" -> wire.sendWhole("no json");
              default -> wire.answer("503 Service Unavailable", FIGURES);
            }
          });

  private RunFolder folder;

  @BeforeEach
  void make_a_folder() throws IOException {
    folder = RunFolder.create(root, "A", "smoke", Instant.EPOCH, "");
  }

  @Test
  void closing_takes_a_last_sample_with_a_complete_line() throws IOException {
    sources.add(MetricsSource.at("llm", url("/metrics")));
    timeline.begin("ramp");
    measured.start(0);
    measured.start(0);
    measured.end(Outcome.OK, 0);
    measured.start(0);
    measured.end(Outcome.RESET, 0);
    measured.event();
    warmUp.event();
    recorders.of(Phase.MEASURE, Kpi.TTFT).record(20 * MS);
    clockNs.set(2_000 * MS);
    Sampler sampler = sampler();
    sampler.close();
    assertThat(sampler.samples()).singleElement().extracting(Sample::open).isEqualTo(1);
    assertThat(lines().get(0).toString())
        .startsWith("{\"t\":2.0,\"phase\":\"ramp\",\"events_per_s\":1.0,\"streams_open\":1,")
        .contains(
            "\"streams_ok\":1,\"streams_failed\":1,\"ttft_p50_ms\":20.", "\"gap_p99_ms\":null")
        .contains(
            "\"llm\":{\"cpu_s\":1.5,\"cpu_cores\":-1.0,\"rss_bytes\":64000000,", "\"threads\":9");
    assertThat(lines()).hasSize(1);
    assertThat(errors).isEmpty();
  }

  @Test
  void a_process_that_does_not_answer_with_figures_is_null() throws IOException {
    sources.add(MetricsSource.at("gone", URI.create("http://127.0.0.1:1/metrics")));
    sources.add(MetricsSource.at("broken", url("/broken")));
    sources.add(MetricsSource.at("refused", url("/refused")));
    sources.add(MetricsSource.own("injector"));
    sampler().close();
    JsonNode processes = lines().get(0).path("processes");
    assertThat(processes.fieldNames())
        .toIterable()
        .containsExactly("gone", "broken", "refused", "injector");
    assertThat(List.of("gone", "broken", "refused"))
        .allMatch(process -> processes.path(process).isNull());
    assertThat(processes.at("/injector/rss_bytes").asLong()).isGreaterThan(10_000_000);
    assertThat(seen.get(0).processes()).containsEntry("gone", null);
  }

  @Test
  void samples_every_second_and_sums_the_open_streams_over_time() throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    measured.start(0);
    measured.start(0);
    Sampler sampler = sampler(two);
    sampler.start();
    clockNs.set(3_000 * MS);
    assertThat(two.await(10, TimeUnit.SECONDS)).isTrue();
    sampler.close();
    assertThat(sampler.samples()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(sampler.streamSeconds(Phase.MEASURE)).isCloseTo(6, within(1e-9));
    assertThat(sampler.streamSeconds(Phase.WARM_UP)).isZero();
    assertThat(lines()).hasSameSizeAs(sampler.samples());
  }

  @Test
  void streams_are_counted_while_a_target_does_not_answer() throws IOException {
    CompletableFuture<JsonNode> late = new CompletableFuture<>();
    AtomicBoolean requested = new AtomicBoolean();
    sources.add(
        new MetricsSource(
            "llm",
            () -> {
              requested.set(true);
              return late;
            }));
    Sampler sampler = sampler();
    sampler.start();
    Await.until(requested::get);
    measured.start(0);
    clockNs.set(3_000 * MS);
    Await.until(() -> sampler.streamSeconds(Phase.MEASURE) == 3);
    measured.end(Outcome.OK, 3_000 * MS);
    clockNs.set(5_000 * MS);
    late.complete(MissingNode.getInstance());
    sampler.close();
    assertThat(sampler.streamSeconds(Phase.MEASURE)).isEqualTo(3);
  }

  @Test
  void histogram_logs_hold_every_value_of_their_phase() throws IOException {
    for (int value = 1; value <= 1_000; value++) {
      recorders.of(Phase.MEASURE, Kpi.GAP).record(value * MS);
    }
    recorders.of(Phase.WARM_UP, Kpi.GAP).record(MS);
    sampler().close();
    assertThat(HistogramLogs.read(folder.path()).histograms())
        .containsExactly(entry("gap", recorders.of(Phase.MEASURE, Kpi.GAP).total()));
    assertThat(folder.path().resolve("gap.warm-up.hlog")).isNotEmptyFile();
    assertThat(folder.path().resolve("ttft.measure.hlog")).doesNotExist();
  }

  @Test
  void a_folder_that_cannot_be_written_is_an_error_before_anything_starts() throws IOException {
    Files.createDirectory(folder.path().resolve("samples.ndjson"));
    assertThatIOException().isThrownBy(this::sampler).withMessageContaining("samples.ndjson");
  }

  @ParameterizedTest
  @EnabledOnOs(OS.LINUX)
  @CsvSource({"samples.ndjson, ''", "gap.measure.hlog, gap.measure.hlog"})
  void a_full_disk_is_reported_once_and_sampling_goes_on(String file, String named)
      throws Exception {
    Files.createSymbolicLink(folder.path().resolve(file), Path.of("/dev/full"));
    for (int value = 1; value <= 20_000; value++) {
      recorders.of(Phase.MEASURE, Kpi.GAP).record(value * MS);
    }
    CountDownLatch one = new CountDownLatch(1);
    Sampler sampler = sampler(one);
    sampler.start();
    assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
    sampler.close();
    assertThat(errors)
        .singleElement()
        .extracting(Throwable::getMessage)
        .asString()
        .isNotEmpty()
        .endsWith(named);
    assertThat(sampler.samples()).hasSizeGreaterThanOrEqualTo(2);
  }

  private Sampler sampler() throws IOException {
    return sampler(new CountDownLatch(0));
  }

  private Sampler sampler(CountDownLatch samples) throws IOException {
    return new Sampler(
        folder,
        new Sampler.Measured(
            recorders,
            Map.of(Phase.WARM_UP, warmUp, Phase.MEASURE, measured),
            timeline,
            sources,
            1),
        sample -> {
          seen.add(sample);
          samples.countDown();
        },
        errors::add);
  }

  private URI url(String path) {
    return URI.create(metrics.url() + path);
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.path().resolve("samples.ndjson"))) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }
}
