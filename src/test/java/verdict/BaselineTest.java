package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import kpi.Kpi;
import kpi.Machine;
import kpi.UnusableFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {
  private static final MachineClass MACHINE =
      new MachineClass(2, "AMD EPYC", 24, "Linux amd64", "17");
  private static final String COMMIT = "commit 0123456789abcdef, 3 runs";

  private final SampleRun[] runs = {
    new SampleRun(1).with(Kpi.TTFT, 1_000, 10).with("goodput", 99),
    new SampleRun(2).with(Kpi.TTFT, 1_000, 14).with("goodput", 98),
    new SampleRun(3).with(Kpi.TTFT, 1_000, 12).with("goodput", 100),
  };

  @Test
  void a_figure_that_a_run_lacks_or_the_catalogue_does_not_have_is_left_out() throws UnusableFile {
    runs[1].with(Kpi.TTFT, 999, 14).with("goodput", Double.NaN);
    runs[2].with("llm.rss_max", 165);
    for (SampleRun run : runs) {
      run.kpis.put("hops", run.kpis.get("ttft"));
      run.kpis.put("goodput", run.kpis.get("ttft"));
      run.kpis.put("llm.ttft", run.kpis.get("ttft"));
      run.figures.put("ttft", run.figures.get("goodput"));
    }
    runs[0].dirty = true;
    assertThat(ofRuns().dirty()).isTrue();
    assertThat(ofRuns().kpis()).containsOnlyKeys("ttft.p50", "ttft.p90", "ttft.p95");
    assertThat(ofRuns().distributions()).containsOnlyKeys("ttft");
    assertThat(ofRuns().distributions().get("ttft")).containsOnlyKeys("0", "50", "90", "95", "100");
  }

  @Test
  void fewer_than_three_different_runs_are_refused() {
    assertThatThrownBy(() -> Baseline.of(List.of(runs[0].record(), runs[1].record())))
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            "A baseline needs at least 3 runs, because its spread separates noise from change;"
                + " given: 2.");
    runs[1].started = runs[0].started;
    assertThatThrownBy(this::ofRuns)
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            "A baseline needs different runs, because its spread separates noise from change; of"
                + " those given, two started at the same time.");
  }

  @Test
  void a_run_that_cannot_be_believed_is_refused() {
    runs[1].settings.put("llm.defect", "stall");
    runs[1].settings.put("proxy.defect", "coalesce-50ms");
    refused("a defect was planted, llm.defect=stall, proxy.defect=coalesce-50ms.");
    runs[1].with(Check.invariant("tokens_in_order", false, "", "", "Two tokens were swapped."));
    refused("its verdict is FAIL. Two tokens were swapped.");
    runs[1].with(Check.validity("gc_pause", false, "", "", "The injector stood still."));
    refused("its verdict is INVALID. The injector stood still.");
  }

  @Test
  void runs_that_are_not_alike_are_refused_with_their_differences() {
    runs[1].on(4, "AMD EPYC", "21");
    runs[1].settings.put("clients", "200");
    runs[1].settings.put("llm.url", "http://127.0.0.1:9000");
    runs[1].seed = 43;
    refused(
        "it ran with 4 CPUs instead of 2 CPUs, Java 21 instead of Java 17, clients 200 instead of"
            + " 100, llm.url http://127.0.0.1:9000 instead of none, seed 43 instead of 42.");
    runs[1].commit = "fedcba";
    refused("it ran commit fedcba instead of 0123456789abcdef.");
    runs[1].profile = "heavy";
    refused("it is one of SseBattleSimulation.heavy.");
    runs[1].simulation = "OtherSimulation";
    refused("it is one of OtherSimulation.heavy.");
  }

  @Test
  void another_commit_or_a_planted_defect_can_be_compared() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.commit = "fedcba";
    other.dirty = true;
    other.settings.put("llm.defect", "stall");
    other.settings.remove("llm.url");
    other.settings.put("proxy.url", ""); // An empty setting is like an absent one.
    assertThat(ofRuns().objection(other.record())).isEmpty();
  }

  @Test
  void another_machine_other_settings_or_another_seed_cannot_be_compared() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.seed = 43;
    String seed = "The baseline was made with other settings: seed 43 instead of 42.";
    assertThat(ofRuns().objection(other.record())).hasValue(seed);
    for (SampleRun run : runs) {
      run.settings.put("seed", "42");
    }
    other.settings.put("seed", "43");
    assertThat(ofRuns().objection(other.record())).hasValue(seed);
    other.settings.put("seed", "42");
    other.settings.put("clients", "200");
    other.settings.put("hold", "9s");
    assertThat(ofRuns().objection(other.record()))
        .hasValue(
            "The baseline was made with other settings: clients 200 instead of 100, hold 9s instead"
                + " of none.");
    other.on(4, "Xeon", "17");
    assertThat(ofRuns().objection(other.record()))
        .hasValue(
            "The baseline is from another class of machine: 4 CPUs instead of 2 CPUs,"
                + " Xeon instead of AMD EPYC.");
  }

  @Test
  void the_difference_of_two_baselines_names_each_figure_that_moved() throws UnusableFile {
    assertThat(ofRuns().changesSince(ofRuns()))
        .startsWith("from  " + COMMIT, "to    " + COMMIT, "")
        .endsWith("  5 figures are within what chance explains (99 % each).");
    for (SampleRun run : runs) {
      run.with("llm.rss_max", 100);
    }
    Baseline before = ofRuns();
    for (SampleRun run : runs) {
      run.on(4, "AMD EPYC", "17").settings.put("clients", "200");
      run.dirty = true;
      run.with("goodput", 50).with("success_rate", 100).without("llm.rss_max");
    }
    assertThat(ofRuns().changesSince(before))
        .containsExactly(
            "from  " + COMMIT,
            "to    commit 0123456789abcdef with uncommitted changes, 3 runs",
            "      clients 200 instead of 100",
            "      machine 4 CPUs, AMD EPYC, 24 GiB, Linux amd64, Java 17 instead of 2 CPUs, AMD"
                + " EPYC, 24 GiB, Linux amd64, Java 17",
            "",
            "  goodput                      99 -> 50 %  -49.5 %  (worse, noise 5.79 %)",
            "  4 figures are within what chance explains (99 % each).",
            "  Not in all runs: success_rate, llm.rss_max.");
  }

  @ParameterizedTest
  @CsvSource({
    "25276510208, Linux 6.18.44-fc-v657 amd64, 17.0.15 Debian, 24, Linux amd64, 17",
    "16777216000, Mac OS X 14.5 aarch64, 21 Eclipse Adoptium, 16, Mac aarch64, 21",
    "8589934592, Windows Server 2022 10.0 amd64, 25.0.1 Oracle, 8, Windows amd64, 25",
    "-1, Linux, 26-ea Oracle Corporation, 0, Linux, 26-ea",
    "0, '', '', 0, '', ''",
  })
  void a_class_of_machine_leaves_out_patch_releases_and_odd_bytes_of_memory(
      long bytes, String os, String jvm, long gib, String system, String release) {
    MachineClass machine = MachineClass.of(new Machine(2, "AMD EPYC", bytes, os, jvm));
    assertThat(machine).isEqualTo(new MachineClass(2, "AMD EPYC", gib, system, release));
    assertThat(new MachineClass(0, "", 0, "", "").differences(MACHINE))
        .containsExactly(
            "0 CPUs instead of 2 CPUs",
            "unknown instead of AMD EPYC",
            "0 GiB instead of 24 GiB",
            "unknown instead of Linux amd64",
            "Java unknown instead of Java 17");
  }

  private Baseline ofRuns() throws UnusableFile {
    return Baseline.of(Arrays.stream(runs).map(SampleRun::record).toList());
  }

  private void refused(String objection) {
    assertThatThrownBy(this::ofRuns)
        .isInstanceOf(UnusableFile.class)
        .hasMessage(runs[1].record().folder() + " cannot be part of a baseline: " + objection);
  }
}
