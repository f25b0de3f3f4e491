package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kpi.Kpi;
import kpi.UnusableFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunRecordTest {
  @TempDir Path folder;

  private final SampleRun run =
      new SampleRun(1).with(Kpi.TTFT, 1_000, 5).with("goodput", 99.5).with("llm.rss_max", 165);

  @BeforeEach
  void write() throws IOException {
    run.settings.putAll(Map.of("monitor", "2s", "ready-within", "30s", "llm.defect", ""));
    run.settings.put("proxy.defect", "coalesce-50ms");
    run.slos = List.of("ttft.max < 1 s", "gap.max < 2 s");
    run.write(folder);
  }

  @Test
  void settings_shape_the_load_slos_belong_to_them_and_defects_stand_apart() throws UnusableFile {
    RunRecord record = RunRecord.read(folder);
    assertThat(record)
        .isEqualTo(new RunRecord(folder, run.manifest(), run.report(), Verdict.of(run.checks)));
    assertThat(record.settings())
        .isEqualTo(
            Map.of("clients", "100", "llm.url", "", "slos", "ttft.max < 1 s; gap.max < 2 s"));
    assertThat(record.defects()).isEqualTo(Map.of("proxy.defect", "coalesce-50ms"));
  }

  @Test
  void an_older_run_lacks_git_rules_and_the_mark_of_a_comparison() throws Exception {
    edit(
        "manifest.json",
        manifest -> manifest.remove(List.of("git", "regression_rules", "regression_threshold")));
    edit("verdict.json", verdict -> verdict.remove("fail_on_regression"));
    RunRecord record = RunRecord.read(folder);
    assertThat(record.commit()).isEqualTo("unknown");
    assertThat(record.dirty()).isFalse();
    assertThat(record.manifest().regressionRules()).isEmpty();
    assertThat(record.verdict().failOnRegression()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "kpi.json", "verdict.json"})
  void a_file_that_is_absent_cut_off_or_of_a_newer_version_is_refused(String name)
      throws IOException {
    Path file = folder.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 1; length += 9) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> RunRecord.read(folder))
          .as("%d bytes", length)
          .isInstanceOf(UnusableFile.class)
          .hasMessageStartingWith(file.toString());
    }
    Files.write(file, whole);
    edit(name, json -> json.put("schema", 2));
    refused(file + " has schema 2, newer than the 1 known here; update Gauntlet.");
    Files.delete(file);
    refused(
        folder
            + " is not a complete run folder: it has no "
            + name
            + (name.equals("manifest.json") ? "" : ", because the run goes on or was killed")
            + ". Runs are in target/runs; the newest is target/runs/latest.");
  }

  @Test
  void a_file_without_the_schema_was_not_written_by_gauntlet() throws IOException {
    Path manifest = folder.resolve("manifest.json");
    for (String text : List.of("null", "[]", "{}", "{\"schema\":1.5}")) {
      Files.writeString(manifest, text);
      refused(manifest + " has no schema 1; it was not written by Gauntlet.");
    }
    Files.writeString(manifest, "\n");
    refused(manifest + " is empty.");
    Files.write(manifest, new byte[] {(byte) 0xff, (byte) 0xfe});
    refused(manifest + " is broken: it is no text.");
  }

  @Test
  void a_manifest_names_its_run_and_no_path() throws IOException {
    Path manifest = folder.resolve("manifest.json");
    edit("manifest.json", json -> json.putNull("started"));
    refused(manifest + " has no started.");
    for (String name : List.of("../other", "..", "a/b", "a\\b", "a\u0000b", ".")) {
      edit("manifest.json", json -> json.put("profile", name));
      refused(manifest + ": the profile '" + name + "' is not a name.");
    }
    edit("manifest.json", json -> json.putNull("simulation"));
    refused(manifest + " has no simulation.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kpi.json | /kpis | Missing required creator property 'kpis'",
        "kpi.json | /figures/goodput/value | Missing required creator property 'value'",
        "kpi.json | /kpis/ttft/count | Missing required creator property 'count'",
        "verdict.json | /checks/0/outcome | it has no verdict, or a check without kind or outcome",
        "verdict.json | /checks | has no checks.",
      })
  void what_a_judgement_needs_is_not_made_up(String file, String place, String reason)
      throws IOException {
    int slash = place.lastIndexOf('/');
    edit(
        file,
        json ->
            ((ObjectNode) json.at(place.substring(0, slash))).remove(place.substring(slash + 1)));
    assertThatThrownBy(() -> RunRecord.read(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessageStartingWith(folder.resolve(file).toString())
        .hasMessageContaining(reason.replace("Missing required creator property ", ""));
  }

  private void edit(String file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = (ObjectNode) SampleRun.MAPPER.readTree(folder.resolve(file).toFile());
    change.accept(json);
    SampleRun.MAPPER.writeValue(folder.resolve(file).toFile(), json);
  }

  private void refused(String message) {
    assertThatThrownBy(() -> RunRecord.read(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessage(message);
  }
}
