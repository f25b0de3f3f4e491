package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.UnusableFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselinesTest {
  private static final String SIMULATION = "SseBattleSimulation";
  private static final String ADVICE =
      ". Restore it from git, or make it again with -Dupdate-baseline.";

  /** A change of this text is a change of every committed baseline. */
  private static final String TEXT =
      """
      {
        "schema": 1,
        "simulation": "SseBattleSimulation",
        "profile": "smoke",
        "made": "2026-11-21T08:00:03Z",
        "commit": "0123456789abcdef",
        "dirty": false,
        "machine": {
          "cpus": 2,
          "cpu_model": "AMD EPYC",
          "memory_gib": 24,
          "os": "Linux amd64",
          "jvm": "17"
        },
        "settings": {
          "clients": "100",
          "llm.url": ""
        },
        "seed": 42,
        "runs": 3,
        "kpis": {
          "ttft.p50": { "unit": "ms", "direction": "lower", "centre": 1.2, "spread": 0.1, \
      "values": [1.1,1.2,1.3] },
          "ttft.p90": { "unit": "ms", "direction": "lower", "centre": 2.4, "spread": 0.2, \
      "values": [2.2,2.4,2.6] },
          "goodput": { "unit": "%", "direction": "higher", "centre": 99.7, "spread": 0.1, \
      "values": [99.6,99.7,99.8] },
          "llm.rss_max": { "unit": "MB", "direction": "lower", "centre": 167.12, "spread": 1.0, \
      "values": [166.12,167.12,168.12] }
        },
        "distributions": {
          "ttft": { "0": 0.6, "50": 1.2, "90": 2.4, "100": 7.2 }
        }
      }
      """;

  @TempDir Path folder;

  private Baselines baselines;
  private Path file;
  private Baseline baseline;

  @BeforeEach
  void make() throws UnusableFile {
    baselines = new Baselines(folder.resolve("baselines"));
    file = folder.resolve("baselines").resolve("SseBattleSimulation.smoke.json");
    baseline = Baseline.of(Stream.of(1, 2, 3).map(BaselinesTest::run).toList());
  }

  @Test
  void the_text_of_a_baseline_is_pinned_one_figure_a_line() throws Exception {
    assertThat(baselines.file(SIMULATION, "smoke")).isEqualTo(file);
    assertThat(baselines.read(SIMULATION, "smoke")).isEmpty();
    assertThat(baselines.write(baseline)).isEqualTo(file);
    assertThat(Files.readString(file)).isEqualTo(TEXT);
    assertThat(baselines.read(SIMULATION, "smoke")).hasValue(baseline);
    assertThat(baselines.read(SIMULATION, "heavy")).isEmpty();
    baselines.write(baseline);
    assertThat(Files.readString(file)).isEqualTo(TEXT);
    assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));
  }

  /** Cut off anywhere a file is broken; with a byte changed it is used or refused by its name. */
  @Test
  void a_file_that_was_cut_off_or_changed_anywhere_ends_in_no_other_error() throws Exception {
    byte[] whole = TEXT.getBytes(StandardCharsets.UTF_8);
    SplittableRandom random = new SplittableRandom(8);
    for (int at = random.nextInt(4); at < whole.length - 1; at += 1 + random.nextInt(4)) {
      write(Arrays.copyOf(whole, at));
      assertThatThrownBy(() -> baselines.read(SIMULATION, "smoke"))
          .as("%d bytes", at)
          .isInstanceOf(UnusableFile.class)
          .hasMessageStartingWith(file.toString());
      byte[] edited = whole.clone();
      edited[at] = (byte) (at % 2 == 0 ? '9' : random.nextInt(256));
      write(edited);
      try {
        assertThat(baselines.read(SIMULATION, "smoke")).isPresent();
      } catch (UnusableFile e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
    write((TEXT + ">>>>>>> theirs\n").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> baselines.read(SIMULATION, "smoke"))
        .hasMessageStartingWith(file + " is broken: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "runs": 3, | | is broken: 'runs' is missing (runs)
          "cpu_model": "AMD EPYC", | | is broken: 'cpu_model' is missing (machine / cpu_model)
          "runs": 3 | "runs": null | is broken: Invalid `null` value encountered for property \
          "runs" (runs)
          "clients": "100" | "clients": null | is broken: Invalid `null` value encountered for \
          property "settings" (settings / clients)
          [1.1,1.2,1.3] | [1.1,null,1.3] | is broken: Invalid `null` value encountered for \
          property "values" (kpis / ttft.p50 / values / 1)
          "runs": 3 | "runs": 3, "runs": 4 | is broken: Duplicate field 'runs' for `ObjectNode` \
          (line 20)
          "seed": 42, | "seed": 42 | is broken: Unexpected character ('"' (code 34)): was \
          expecting comma to separate Object entries (line 20)
          "centre": 1.2 | "centre": 2.4 | cannot be used: ttft.p50 has centre 2.4, but the median \
          of its values is 1.2
          "centre": 1.2 | "centre": "NaN" | cannot be used: ttft.p50 has centre NaN, but the \
          median of its values is 1.2
          "spread": 1.0 | "spread": 50.0 | cannot be used: llm.rss_max has spread 50.0, but the \
          standard deviation of its values is 1.0
          [1.1,1.2,1.3] | [2.1,2.2,2.4] | cannot be used: ttft.p50 has centre 1.2, but the median \
          of its values is 2.2; ttft.p50 has spread 0.1, but the standard deviation of its values \
          is 0.15275
          [1.1,1.2,1.3] | [1.1,1.2] | cannot be used: ttft.p50 has not one value for each of the 3 \
          runs
          [1.1,1.2,1.3] | [1.1,1.2,1e999] | cannot be used: ttft.p50 has a value that is no \
          number, or too large
          [1.1,1.2,1.3] | [1.1,1.2,1e300] | cannot be used: ttft.p50 has a value that is no \
          number, or too large
          "unit": "MB" | "unit": "kB" | cannot be used: llm.rss_max has another unit or direction \
          than the catalogue
          "direction": "higher" | "direction": "lower" | cannot be used: goodput has another unit \
          or direction than the catalogue
          "ttft.p90" | "ttft.p98" | cannot be used: 'ttft.p98' names 'ttft.p98', which is no KPI
          "llm.rss_max" | "*.rss_max" | cannot be used: '*.rss_max' is no single figure
          "SseBattle | "Other | cannot be used: it is the baseline of OtherSimulation.smoke
          "runs": 3 | "runs": 2 | cannot be used: it stands on 2 runs; at least 3; ttft.p50 has \
          not one value for each of the 2 runs; ttft.p90 has not one value for each of the 2 \
          runs; and 2 more
          """)
  void a_file_that_was_broken_or_contradicted_by_hand_is_refused_with_the_place(
      String old, String fresh, String fault) throws IOException {
    edit(old, fresh == null ? "" : fresh);
    refused(file + " " + fault + ADVICE);
  }

  @Test
  void a_write_that_fails_leaves_the_old_one_and_no_part() throws Exception {
    write("the old one".getBytes(StandardCharsets.UTF_8));
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.createDirectories(part.resolve("in the way"));
    assertThatThrownBy(() -> baselines.write(baseline)).isInstanceOf(IOException.class);
    assertThat(file).hasContent("the old one");
    Files.delete(part.resolve("in the way"));
    Files.delete(file);
    Files.createDirectories(file.resolve("in the way"));
    assertThatThrownBy(() -> baselines.write(baseline)).isInstanceOf(IOException.class);
    assertThat(part).doesNotExist();
    assertThatThrownBy(() -> baselines.read(SIMULATION, "smoke"))
        .isInstanceOf(UnusableFile.class)
        .hasMessageStartingWith(file + " cannot be read: ");
  }

  private static RunRecord run(int number) {
    return new SampleRun(number)
        .with(Kpi.TTFT, 199, 1 + 0.1 * number)
        .with("goodput", 99.5 + 0.1 * number)
        .with("llm.rss_max", 165.123456 + number)
        .record();
  }

  private void edit(String old, String fresh) throws IOException {
    assertThat(TEXT).contains(old);
    int at = TEXT.indexOf(old);
    String text = TEXT.substring(0, at) + fresh + TEXT.substring(at + old.length());
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, text);
  }

  private void refused(String message) {
    assertThatThrownBy(() -> baselines.read(SIMULATION, "smoke"))
        .isInstanceOf(UnusableFile.class)
        .hasMessage(message);
  }
}
