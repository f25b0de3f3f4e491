package gauntlet;

import static gauntlet.CommandLineRun.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.SampleRun;

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
  void a_run_becomes_a_line_and_is_never_added_twice() throws IOException {
    CommandLineRun added = add(sample("899b4af2c1d0", 0, 10)).ending(ExitCode.OK);
    assertThat(added.out())
        .contains("added  SseBattleSimulation.smoke of 2026-11-21T03:00:00Z, commit 899b4af, PASS");
    assertThat(Files.readAllLines(file)).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(file.toFile());
    assertThat(line.path("schema").asInt()).isEqualTo(1);
    assertThat(line.at("/machine/cpu_model").asText()).isEqualTo("AMD EPYC");
    assertThat(line.path("settings")).hasToString("{\"clients\":\"100\",\"llm.url\":\"\"}");
    assertThat(line.path("figures"))
        .hasToString(
            "{\"ttft.p50\":10.0,\"ttft.p90\":20.0,\"ttft.p95\":30.0,\"llm.rss_max\":150.0,"
                + "\"goodput\":100.0}");
    String before = Files.readString(file);
    assertThat(
            add(sample("899b4af2c1d0", 0, 10), sample("899b4af2c1d0", 0, 11))
                .ending(ExitCode.OK)
                .out())
        .contains("there already  SseBattleSimulation.smoke");
    assertThat(file).hasContent(before);
  }

  @Test
  void nothing_is_added_if_one_run_is_invalid_defective_or_absent() throws IOException {
    SampleRun defective = sample("aaaa", 2, 10);
    defective.settings.put("llm.defect", "stall");
    assertThat(
            add(sample("aaaa", 0, 10), sample("aaaa", 1, 10).invalid(), defective)
                .ending(ExitCode.USAGE)
                .err()
                .lines())
        .satisfiesExactly(
            line -> assertThat(line).contains(" is INVALID, so its figures mean"),
            line -> assertThat(line).contains(" ran with a planted defect"),
            line -> assertThat(line).isEqualTo("Nothing was added."));
    assertThat(file).doesNotExist();
  }

  @Test
  void lines_that_cannot_be_used_are_reported_and_cost_no_other() throws IOException {
    add(sample("aaaa", 0, 10));
    String good = Files.readString(file);
    Files.writeString(file, good, StandardOpenOption.APPEND);
    for (String[] edit :
        List.of(
            new String[] {"2026-11-21T03:00:00Z", "yesterday"},
            new String[] {"PASS", "INVALID"},
            new String[] {"\"commit\"", "\"comit\""},
            new String[] {"\"schema\":1", "\"schema\":2"})) {
      Files.writeString(file, good.replace(edit[0], edit[1]), StandardOpenOption.APPEND);
    }
    CommandLineRun shown = history("show").ending(ExitCode.OK);
    assertThat(shown.err().lines())
        .containsExactly(
            file + ", line 2 is left out: that run is in the file already.",
            file + ", line 3 is left out: it is broken: its time 'yesterday' is not ISO 8601.",
            file
                + ", line 4 is left out: it is broken: the verdict is INVALID, and such runs are"
                + " not kept.",
            file + ", line 5 is left out: it is broken: 'commit' is missing (commit).",
            file
                + ", line 6 is left out: it has schema 2, newer than the 1 known here; update"
                + " Gauntlet.");
  }

  @Test
  void a_line_that_was_cut_off_is_reported_and_the_next_run_has_its_own() throws IOException {
    add(sample("aaaa", 0, 10));
    Files.writeString(file, "{\"schema\":1,\"time\":\"20", StandardOpenOption.APPEND);
    CommandLineRun added = add(sample("aaaa", 1, 10)).ending(ExitCode.OK);
    assertThat(added.err()).contains(file + ", line 2 is left out: it is broken: ");
    assertThat(Files.readAllLines(file)).hasSize(3);
    assertThat(history("show").out()).contains("2 runs", "2026-11-21 03:00", "2026-11-22 03:00");
  }

  @Test
  void a_file_without_a_run_is_refused_and_stays_unchanged() throws IOException {
    assertThat(history("show").err())
        .contains("There is no history " + file + "; 'gauntlet history add target/runs/latest'");
    Files.createDirectories(baselines);
    Files.writeString(file, "<<<<<<< HEAD\n{}\n");
    for (CommandLineRun refused :
        List.of(add(sample("aaaa", 0, 10)), history("show"), history("page"))) {
      assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains(file + " is no history: not one line of it is a run.");
    }
    assertThat(file).hasContent("<<<<<<< HEAD\n{}\n");
  }

  @Test
  void a_table_shows_each_run_beside_the_one_before_and_the_first() throws IOException {
    addThree();
    CommandLineRun shown = history("show", "--kpi", "ttft.p95").ending(ExitCode.OK);
    assertThat(shown.out().lines())
        .containsExactly(
            "SseBattleSimulation.smoke on 2 CPUs, AMD EPYC, 24 GiB, Linux amd64, Java 17",
            "3 runs",
            "",
            "commit           started  verdict  ttft.p95 ms  before   first",
            "aaaa    2026-11-21 03:00     PASS           30       -       -",
            "bbbb    2026-11-22 03:00     PASS           33  +10.0%  +10.0%",
            "cccc+   2026-11-23 03:00     FAIL           36   +9.1%  +20.0%",
            "+ with uncommitted changes",
            "");
    assertThat(CommandLineRun.of("history", "--baselines-dir", baselines).out())
        .isEqualTo(history("show").out());
    assertThat(history("show", "--last", "1", "--kpi", "llm.rss_max", "--kpi", "ttft.p50").out())
        .contains("the last 1 of 3 runs", "llm.rss_max MB", "ttft.p50 ms", "+20.0%")
        .doesNotContain("aaaa", "bbbb", "goodput");
  }

  @Test
  void all_wrong_options_are_reported_at_once() throws IOException {
    addThree();
    CommandLineRun shown =
        history("show", "--last", "0", "--kpi", "ttft.p98", "--kpi", "x").ending(ExitCode.USAGE);
    assertThat(shown.err().lines())
        .startsWith(
            "--last: '0' is not a whole number from 1 to 99999",
            "--kpi: no run has 'ttft.p98'; there are goodput, llm.rss_max, ttft.p50, ttft.p90,"
                + " ttft.p95");
  }

  @Test
  void a_run_under_other_settings_or_on_another_machine_is_not_compared() throws IOException {
    addThree();
    SampleRun other = sample("dddd", 1, 99);
    other.started = "2026-11-22T12:00:00Z";
    other.settings.put("clients", "900");
    add(other, sample("eeee", 3, 10).on(64, "AMD EPYC", "17"));
    assertThat(history("show").out())
        .contains(
            "2026-11-22 12:00 had other settings and is left out of the comparison: clients 900")
        .containsPattern("dddd .* 297 +- +-")
        .containsPattern("cccc.* 36 +\\+9.1% +\\+20.0%")
        .contains("smoke on 64 CPUs, AMD EPYC, 24 GiB, Linux amd64, Java 17\n1 run\n")
        .contains("smoke on 2 CPUs, AMD EPYC, 24 GiB, Linux amd64, Java 17\n4 runs\n");
  }

  @Test
  void the_page_replaces_only_a_page() throws IOException {
    addThree();
    Path page = folder.resolve("pages/history.html");
    for (int times = 0; times < 2; times++) {
      assertThat(history("page", "--out", page.toString()).ending(ExitCode.OK).out())
          .isEqualToIgnoringNewLines(page.toString());
    }
    assertThat(page)
        .content()
        .contains("SseBattleSimulation.smoke", "2 CPUs, AMD EPYC")
        .contains("Newest 12 ms, median 11 ms, all from 10 to 12 ms. Since the first run +20 %.");
    Path other = Files.writeString(folder.resolve("notes.md"), "# Notes");
    for (Path taken : List.of(other, folder)) {
      CommandLineRun refused = history("page", "--out", taken.toString()).ending(ExitCode.USAGE);
      assertThat(refused.err())
          .contains(
              taken + " cannot be written: ", "is not a page of a history; name another file");
    }
    assertThat(other).hasContent("# Notes");
  }

  private void addThree() throws IOException {
    SampleRun newest = sample("cccc", 2, 12).failed();
    newest.dirty = true;
    // Merged branches do not come in the order of time.
    assertThat(add(newest, sample("aaaa", 0, 10), sample("bbbb", 1, 11)).code()).isZero();
  }

  private CommandLineRun add(SampleRun... runs) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (SampleRun run : runs) {
      folders.add(run.write(folder.resolve(run.commit + folders.size())));
    }
    return CommandLineRun.of("history", "add", folders, "--baselines-dir", baselines);
  }

  private CommandLineRun history(String command, String... options) {
    return CommandLineRun.of("history", command, "--baselines-dir", baselines, List.of(options));
  }
}
