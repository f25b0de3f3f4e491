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
    run.settings.put("monitor", "2s");
    run.settings.put("ready-within", "30s");
    run.settings.put("llm.defect", "");
    run.defects.put("proxy.defect", "coalesce-50ms");
    run.write(folder);
  }

  @Test
  void holds_what_of_a_run_can_be_compared() throws UnusableFile {
    RunRecord record = RunRecord.read(folder);

    assertThat(record.folder()).isEqualTo(folder);
    assertThat(record.simulation()).isEqualTo("SseBattleSimulation");
    assertThat(record.profile()).isEqualTo("smoke");
    assertThat(record.started()).isEqualTo("2026-11-21T08:00:01Z");
    assertThat(record.commit()).isEqualTo(SampleRun.COMMIT);
    assertThat(record.dirty()).isFalse();
    assertThat(record.machine()).isEqualTo(SampleRun.MACHINE);
    assertThat(record.seed()).isEqualTo(42);
    assertThat(record.limits()).containsExactly("ttft.p95 < 500 ms");
    assertThat(record.rules()).containsExactly("ttft.p99 warn threshold");
    assertThat(record.thresholdPct()).isEqualTo(20);
    assertThat(record.report()).isEqualTo(run.report());
    assertThat(record.verdict().verdict()).isEqualTo(Check.Outcome.PASS);
    assertThat(record.verdict().checks()).isEqualTo(run.checks);
  }

  @Test
  void settings_are_those_that_shape_the_load_and_defects_stand_apart() throws UnusableFile {
    RunRecord record = RunRecord.read(folder);

    assertThat(record.settings()).isEqualTo(Map.of("clients", "100", "llm.url", ""));
    assertThat(record.defects()).isEqualTo(Map.of("proxy.defect", "coalesce-50ms"));
  }

  @Test
  void the_slos_are_settings_for_goodput_means_nothing_without_them() throws Exception {
    edit(
        "manifest.json",
        manifest -> manifest.putArray("slos").add("ttft.max < 1 s").add("gap.max < 2 s"));

    assertThat(RunRecord.read(folder).settings())
        .containsEntry("slos", "ttft.max < 1 s; gap.max < 2 s");
  }

  @Test
  void a_tree_without_git_has_an_unknown_commit() throws Exception {
    edit("manifest.json", manifest -> manifest.remove("git"));

    assertThat(RunRecord.read(folder).commit()).isEqualTo("unknown");
    assertThat(RunRecord.read(folder).dirty()).isFalse();
  }

  @Test
  void a_run_from_before_there_were_rules_has_none() throws Exception {
    edit(
        "manifest.json",
        manifest -> manifest.remove(List.of("regression_rules", "regression_threshold")));
    edit("verdict.json", verdict -> verdict.remove("fail_on_regression"));

    assertThat(RunRecord.read(folder).rules()).isEmpty();
    assertThat(RunRecord.read(folder).verdict().failOnRegression()).isFalse();
  }

  @Test
  void a_folder_that_is_none_says_where_runs_are() {
    assertThatThrownBy(() -> RunRecord.read(folder.resolve("absent")))
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            folder.resolve("absent")
                + " is no folder. Runs are in target/runs; the newest is target/runs/latest.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "kpi.json", "verdict.json"})
  void a_run_that_lacks_a_file_is_not_whole(String file) throws IOException {
    Files.delete(folder.resolve(file));

    refused(
        folder
            + " is no whole run folder: it has no "
            + file
            + ". Runs are in target/runs; the newest is target/runs/latest.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "kpi.json", "verdict.json"})
  void a_file_that_was_cut_off_anywhere_is_broken(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 3) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> RunRecord.read(folder))
          .as("%d bytes", length)
          .isInstanceOf(UnusableFile.class)
          .hasMessageStartingWith(file.toString());
    }
  }

  @Test
  void a_file_that_is_broken_names_the_line() throws IOException {
    Files.writeString(folder.resolve("kpi.json"), "{\n\"schema\": 1,\n\"kpis\": {,}\n}");

    assertThatThrownBy(() -> RunRecord.read(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessageStartingWith(folder.resolve("kpi.json") + " is broken: ")
        .hasMessageEndingWith("(line 3)");
  }

  @ParameterizedTest
  @CsvSource({"manifest.json", "kpi.json", "verdict.json"})
  void a_file_of_a_newer_version_asks_for_a_newer_gauntlet(String file) throws IOException {
    edit(file, json -> json.put("schema", 2));

    refused(folder.resolve(file) + " has schema 2, newer than the 1 known here; update Gauntlet.");
  }

  @Test
  void a_file_without_the_schema_is_somebody_elses() throws IOException {
    String message =
        folder.resolve("manifest.json") + " has no schema 1; it was not written by Gauntlet.";
    edit("manifest.json", json -> json.remove("schema"));
    refused(message);
    edit("manifest.json", json -> json.put("schema", "1"));
    refused(message);
    edit("manifest.json", json -> json.put("schema", 1.5));
    refused(message);
    edit("manifest.json", json -> json.put("schema", 0));
    refused(message);
    for (String text : new String[] {"", "null", "[]", "17", "\"text\""}) {
      Files.writeString(folder.resolve("manifest.json"), text);
      refused(message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simulation", "profile", "started"})
  void a_manifest_that_does_not_say_which_run_it_was_is_refused(String field) throws IOException {
    edit("manifest.json", manifest -> manifest.remove(field));
    refused(folder.resolve("manifest.json") + " has no " + field + ".");
    edit("manifest.json", manifest -> manifest.put(field, 7));
    refused(folder.resolve("manifest.json") + " has no " + field + ".");
    edit("manifest.json", manifest -> manifest.putNull(field));
    refused(folder.resolve("manifest.json") + " has no " + field + ".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../other", "..", "a/b", "a\\b", "a\u0000b", "."})
  void a_name_that_would_lead_out_of_the_folder_of_baselines_is_none(String name)
      throws IOException {
    edit("manifest.json", manifest -> manifest.put("profile", name));

    refused(folder.resolve("manifest.json") + " has the profile '" + name + "', no name.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kpis", "figures"})
  void a_report_without_its_figures_is_refused(String field) throws IOException {
    String message = folder.resolve("kpi.json") + " has no kpis or no figures.";
    edit("kpi.json", report -> report.remove(field));
    refused(message);
    edit("kpi.json", report -> report.putNull(field));
    refused(message);
  }

  @Test
  void a_figure_that_is_not_there_is_not_zero() throws IOException {
    edit("kpi.json", report -> ((ObjectNode) report.at("/figures/goodput")).remove("value"));

    refused(
        folder.resolve("kpi.json")
            + " is broken: Cannot map `null` into type `double` (figures / goodput / value)");
  }

  @ParameterizedTest
  @CsvSource({"kpis, ttft", "figures, goodput"})
  void a_figure_that_is_null_is_refused(String map, String name) throws IOException {
    edit("kpi.json", report -> ((ObjectNode) report.path(map)).putNull(name));

    assertThatThrownBy(() -> RunRecord.read(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessageContaining("kpi.json is broken: Invalid `null` value")
        .hasMessageEndingWith("(" + map + " / " + name + ")");
  }

  @Test
  void empty_maps_are_a_run_that_measured_nothing() throws Exception {
    edit("kpi.json", report -> report.putObject("kpis"));
    edit("kpi.json", report -> report.putObject("figures"));

    assertThat(RunRecord.read(folder).report().kpis()).isEmpty();
    assertThat(RunRecord.read(folder).report().figures()).isEmpty();
  }

  @Test
  void a_verdict_without_checks_or_outcomes_is_none() throws IOException {
    String message =
        folder.resolve("verdict.json") + " has no verdict, or no checks with their outcomes.";
    edit("verdict.json", verdict -> ((ObjectNode) verdict.at("/checks/0")).remove("outcome"));
    refused(message);
    edit("verdict.json", verdict -> verdict.putArray("checks"));
    refused(message);
    edit("verdict.json", verdict -> verdict.remove("checks"));
    refused(message);
    run.write(folder);
    edit("verdict.json", verdict -> verdict.remove("verdict"));
    refused(message);
  }

  @Test
  void an_outcome_that_does_not_exist_is_named_with_its_place() throws IOException {
    edit(
        "verdict.json",
        verdict -> ((ObjectNode) verdict.at("/checks/1")).put("outcome", "PERHAPS"));

    assertThatThrownBy(() -> RunRecord.read(folder))
        .isInstanceOf(UnusableFile.class)
        .hasMessageContaining("PERHAPS")
        .hasMessageEndingWith("(checks / 1 / outcome)");
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
