package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HistoryCommandTest {
  @TempDir private Path folder;
  private Path baselines;
  private Path file;

  @BeforeEach
  void name_the_folders() {
    baselines = folder.resolve("baselines");
    file = baselines.resolve("history.ndjson");
  }

  @Test
  void a_run_becomes_a_line() throws IOException {
    CommandLineRun added = add(new SmallRun().in(folder.resolve("run")));

    assertThat(added.code()).isEqualTo(ExitCode.OK);
    assertThat(added.out())
        .contains("added  SseBattleSimulation.smoke of 2026-11-21T03:00:00Z, commit 899b4af, PASS");
    assertThat(Files.readAllLines(file)).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(file.toFile());
    assertThat(line.path("schema").asInt()).isEqualTo(1);
    assertThat(line.at("/machine/cpu_model").asText()).isEqualTo("AMD EPYC");
    assertThat(line.path("settings")).hasToString("{\"clients\":\"100\"}");
    assertThat(line.path("figures"))
        .hasToString(
            "{\"ttft.p50\":10.0,\"ttft.p90\":15.0,\"ttft.p95\":20.0,\"llm.rss_max\":150.0,"
                + "\"goodput\":100.0}");
  }

  @Test
  void the_same_run_is_never_added_twice() throws IOException {
    Path run = new SmallRun().in(folder.resolve("run"));
    Path copy = new SmallRun().in(folder.resolve("copy"));
    add(run);
    String before = Files.readString(file);

    CommandLineRun again = add(run, copy);

    assertThat(again.code()).isEqualTo(ExitCode.OK);
    assertThat(again.out()).contains("there already  SseBattleSimulation.smoke");
    assertThat(file).hasContent(before);
  }

  @Test
  void nothing_is_added_if_one_run_is_invalid_defective_or_absent() throws IOException {
    Path good = new SmallRun().in(folder.resolve("good"));
    Path invalid = new SmallRun().invalid().in(folder.resolve("invalid"));
    Path defective =
        new SmallRun()
            .manifest(
                manifest -> ((ObjectNode) manifest.path("settings")).put("llm.defect", "stall"))
            .in(folder.resolve("defective"));

    CommandLineRun added = add(good, invalid, defective, folder.resolve("nowhere"));

    assertThat(added.code()).isEqualTo(ExitCode.USAGE);
    assertThat(added.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(invalid + " is INVALID, so its figures mean"),
            line -> assertThat(line).startsWith(defective + " ran with a planted defect"),
            line -> assertThat(line).startsWith(folder.resolve("nowhere") + " is not a folder."),
            line -> assertThat(line).isEqualTo("Nothing was added."));
    assertThat(file).doesNotExist();
  }

  @Test
  void a_line_that_was_cut_off_is_reported_and_costs_no_other() throws IOException {
    add(new SmallRun().in(folder.resolve("first")));
    Files.writeString(file, "{\"schema\":1,\"time\":\"20", StandardOpenOption.APPEND);

    CommandLineRun added =
        add(new SmallRun().started("2026-11-22T03:00:00Z").in(folder.resolve("second")));

    assertThat(added.code()).isEqualTo(ExitCode.OK);
    assertThat(added.err()).contains(file + ", line 2 is left out: it is broken: ");
    assertThat(Files.readAllLines(file)).hasSize(3);
    CommandLineRun shown = history("show");
    assertThat(shown.code()).isEqualTo(ExitCode.OK);
    assertThat(shown.err()).contains("line 2 is left out");
    assertThat(shown.out()).contains("2 runs", "2026-11-21 03:00", "2026-11-22 03:00");
  }

  @Test
  void a_file_without_a_run_is_refused_and_stays_unchanged() throws IOException {
    Files.createDirectories(baselines);
    Files.writeString(file, "<<<<<<< HEAD\n{}\n");
    Path run = new SmallRun().in(folder.resolve("run"));

    for (CommandLineRun refused : List.of(add(run), history("show"), history("page"))) {
      assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains(file + " is no history: not one line of it is a run.");
    }
    assertThat(file).hasContent("<<<<<<< HEAD\n{}\n");
  }

  @Test
  void a_table_shows_each_run_beside_the_one_before_and_the_first() throws IOException {
    addThree();

    CommandLineRun shown = history("show", "--kpi", "ttft.p95");

    assertThat(shown.code()).isEqualTo(ExitCode.OK);
    assertThat(shown.out().lines())
        .containsExactly(
            "SseBattleSimulation.smoke on 2 CPUs, AMD EPYC, 8 GiB, Linux amd64, Java 17",
            "3 runs",
            "",
            "commit           started  verdict  ttft.p95 ms  before   first",
            "aaaa    2026-11-21 03:00     PASS           20       -       -",
            "bbbb    2026-11-22 03:00     PASS           22  +10.0%  +10.0%",
            "cccc+   2026-11-23 03:00     FAIL           24   +9.1%  +20.0%",
            "+ with uncommitted changes",
            "");
    assertThat(CommandLineRun.of("history", "--baselines-dir", baselines).out())
        .isEqualTo(history("show").out());
  }

  @Test
  void figures_and_the_number_of_runs_can_be_chosen() throws IOException {
    addThree();

    assertThat(history("show", "--last", "1", "--kpi", "llm.rss_max", "--kpi", "ttft.p50").out())
        .contains("the last 1 of 3 runs", "llm.rss_max MB", "ttft.p50 ms", "+20.0%")
        .doesNotContain("aaaa", "bbbb", "goodput");
  }

  @Test
  void all_wrong_options_are_reported_at_once() throws IOException {
    addThree();

    CommandLineRun shown = history("show", "--last", "0", "--kpi", "ttft.p98", "--kpi", "x");

    assertThat(shown.code()).isEqualTo(ExitCode.USAGE);
    assertThat(shown.err().lines())
        .startsWith(
            "--last: '0' is not a whole number from 1 to 99999",
            "--kpi: no run has 'ttft.p98'; there are goodput, llm.rss_max, ttft.p50, ttft.p90,"
                + " ttft.p95");
  }

  @Test
  void a_run_under_other_settings_is_shown_and_left_out_of_the_comparison() throws IOException {
    addThree();
    add(
        new SmallRun()
            .commit("dddd")
            .started("2026-11-22T12:00:00Z")
            .ttft(99)
            .manifest(manifest -> ((ObjectNode) manifest.path("settings")).put("clients", "900"))
            .in(folder.resolve("other")));

    assertThat(history("show").out())
        .contains(
            "2026-11-22 12:00 had other settings and is left out of the comparison: clients 900")
        .containsPattern("dddd .* 198 +- +-")
        .containsPattern("cccc.* 24 +\\+9.1% +\\+20.0%");
  }

  @Test
  void every_class_of_machine_has_its_own_table() throws IOException {
    addThree();
    add(
        new SmallRun()
            .started("2026-11-24T03:00:00Z")
            .manifest(manifest -> ((ObjectNode) manifest.path("machine")).put("cpus", 64))
            .in(folder.resolve("large")));

    assertThat(history("show").out())
        .contains("smoke on 64 CPUs, AMD EPYC, 8 GiB, Linux amd64, Java 17\n1 run\n")
        .contains("smoke on 2 CPUs, AMD EPYC, 8 GiB, Linux amd64, Java 17\n3 runs\n");
  }

  @Test
  void without_a_history_the_error_names_the_first_command() {
    CommandLineRun shown = history("show");

    assertThat(shown.code()).isEqualTo(ExitCode.USAGE);
    assertThat(shown.err())
        .contains("There is no history " + file + "; 'gauntlet history add target/runs/latest'");
  }

  @Test
  void the_page_has_a_section_for_each_machine_and_a_chart_for_each_figure() throws IOException {
    addThree();
    Path page = folder.resolve("pages/history.html");

    CommandLineRun written = history("page", "--out", page.toString());

    assertThat(written.code()).isEqualTo(ExitCode.OK);
    assertThat(written.out()).isEqualToIgnoringNewLines(page.toString());
    assertThat(page)
        .content()
        .contains("SseBattleSimulation.smoke", "2 CPUs, AMD EPYC")
        .contains("Newest 12 ms, median 11 ms, all from 10 to 12 ms. Since the first run +20.0 %.");
  }

  @Test
  void the_page_replaces_only_a_page() throws IOException {
    addThree();
    Path page = folder.resolve("page.html");
    Path other = Files.writeString(folder.resolve("notes.md"), "# Notes");

    assertThat(history("page", "--out", page.toString()).code()).isEqualTo(ExitCode.OK);
    assertThat(history("page", "--out", page.toString()).code()).isEqualTo(ExitCode.OK);
    for (Path taken : List.of(other, folder)) {
      CommandLineRun refused = history("page", "--out", taken.toString());
      assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err())
          .contains(
              taken + " cannot be written: ", "is not a page of a history; name another file");
    }
    assertThat(other).hasContent("# Notes");
  }

  private void addThree() throws IOException {
    Path first = new SmallRun().commit("aaaa").in(folder.resolve("a"));
    Path second =
        new SmallRun()
            .commit("bbbb")
            .started("2026-11-22T03:00:00Z")
            .ttft(11)
            .in(folder.resolve("b"));
    Path third =
        new SmallRun()
            .commit("cccc")
            .started("2026-11-23T03:00:00Z")
            .ttft(12)
            .failed()
            .manifest(manifest -> ((ObjectNode) manifest.path("git")).put("dirty", true))
            .in(folder.resolve("c"));
    // Merged branches do not come in the order of time.
    assertThat(add(third, first, second).code()).isEqualTo(ExitCode.OK);
  }

  private CommandLineRun add(Path... runs) {
    return CommandLineRun.of("history", "add", List.of(runs), "--baselines-dir", baselines);
  }

  private CommandLineRun history(String command, String... options) {
    return CommandLineRun.of("history", command, "--baselines-dir", baselines, List.of(options));
  }
}
