package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kpi.Kpi;
import kpi.UnusableFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {
  private static final String COMMITS =
      "commit 0123456789abcdef, 3 runs -> commit 0123456789abcdef, 3 runs";

  private final SampleRun[] runs = {
    new SampleRun(1).with(Kpi.TTFT, 1_000, 10).with("goodput", 99),
    new SampleRun(2).with(Kpi.TTFT, 1_000, 14).with("goodput", 98),
    new SampleRun(3).with(Kpi.TTFT, 1_000, 12).with("goodput", 100),
  };

  @Test
  void is_the_centre_and_the_spread_of_every_figure_of_its_runs() throws UnusableFile {
    runs[0].dirty = true;
    Baseline baseline = ofRuns();
    assertThat(baseline.kpis().keySet())
        .containsExactly("ttft.p50", "ttft.p90", "ttft.p95", "ttft.p99", "goodput");
    assertThat(baseline)
        .usingRecursiveComparison()
        .ignoringFields("kpis")
        .isEqualTo(
            new Baseline(
                1,
                "SseBattleSimulation",
                "smoke",
                "2026-11-21T08:00:03Z",
                SampleRun.COMMIT,
                true,
                SampleRun.MACHINE_CLASS,
                Map.of("clients", "100", "llm.url", ""),
                42,
                3,
                Map.of(),
                Map.of(
                    "ttft",
                    Map.of("0", 6., "50", 12., "90", 24., "95", 36., "99", 48., "100", 72.))));
    assertThat(baseline.kpis())
        .containsEntry("ttft.p50", new Spread("ms", "lower", 12, 2, List.of(10.0, 14.0, 12.0)))
        .containsEntry("goodput", new Spread("%", "higher", 99, 1, List.of(99.0, 98.0, 100.0)));
  }

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
    assertThat(ofRuns().kpis()).containsOnlyKeys("ttft.p50", "ttft.p90", "ttft.p95");
    assertThat(ofRuns().distributions()).containsOnlyKeys("ttft");
    assertThat(ofRuns().distributions().get("ttft")).containsOnlyKeys("0", "50", "90", "95", "100");
  }

  @Test
  void runs_that_failed_a_threshold_give_a_baseline_all_the_same() throws UnusableFile {
    runs[0].with(new Check("ttft_p95", Check.Kind.THRESHOLD, Check.Outcome.FAIL, "", "", "Slow."));
    assertThat(ofRuns().runs()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void fewer_than_three_different_runs_are_refused(int count) {
    List<RunRecord> few = new ArrayList<>();
    for (int run = 0; run < count; run++) {
      few.add(runs[run].record());
    }
    assertThatThrownBy(() -> Baseline.of(few))
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            "A baseline needs at least 3 runs, because its spread separates noise from change;"
                + " given: "
                + count
                + ".");
    runs[1].started = runs[0].started;
    assertThatThrownBy(this::ofRuns)
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            "A baseline needs different runs, because its spread separates noise from change; of"
                + " those given, two started at the same time.");
  }

  @Test
  void a_run_that_cannot_be_believed_is_refused() {
    runs[1].defects.put("llm.defect", "stall");
    runs[1].defects.put("proxy.defect", "coalesce-50ms");
    refused("a defect was planted, llm.defect=stall, proxy.defect=coalesce-50ms.");
    runs[1].with(Check.invariant("tokens_in_order", false, "", "", "Two tokens were swapped."));
    refused("its verdict is FAIL. Two tokens were swapped.");
    runs[1].with(Check.validity("gc_pause", false, "", "", "The injector stood still."));
    refused("its verdict is INVALID. The injector stood still.");
  }

  @Test
  void runs_that_are_not_alike_are_refused_with_their_differences() {
    runs[1].machine = SampleRun.machine(4, "AMD EPYC", "21");
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
    other.defects.put("llm.defect", "stall");
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
    other.machine = SampleRun.machine(4, "Xeon", "17");
    assertThat(ofRuns().objection(other.record()))
        .hasValue(
            "The baseline is from another class of machine: 4 CPUs instead of 2 CPUs,"
                + " Xeon instead of AMD EPYC.");
  }

  @Test
  void the_difference_of_two_baselines_names_each_figure_that_moved() {
    Baseline before =
        baseline(
            "goodput", spread(Kpi.GOODPUT, 99, 100, 98),
            "ttft.p50", spread(Kpi.TTFT, 100, 100, 100),
            "ttft.p90", spread(Kpi.TTFT, 0, 0, 0),
            "ttft.p99", spread(Kpi.TTFT, 5, 6, 7));
    Baseline after =
        baseline(
            "goodput", spread(Kpi.GOODPUT, 99, 99, 98),
            "ttft.p50", spread(Kpi.TTFT, 98, 98, 98),
            "ttft.p90", spread(Kpi.TTFT, 1, 1, 1),
            "ttft.p95", spread(Kpi.TTFT, 2, 4, 6));
    assertThat(after.changesSince(before))
        .containsExactly(
            COMMITS,
            "ttft.p50                     100 ± 0 ms -> 98 ± 0 ms  -2.0 %",
            "ttft.p90                     0 ± 0 ms -> 1 ± 0 ms",
            "ttft.p95 is new: 4 ± 2 ms",
            "ttft.p99 is gone",
            "1 figures moved by less than 2 %");
    assertThat(before.changesSince(before))
        .containsExactly(COMMITS, "4 figures moved by less than 2 %");
  }

  @Test
  void the_difference_of_two_baselines_names_machine_and_settings() throws UnusableFile {
    Baseline before = ofRuns();
    for (SampleRun run : runs) {
      run.machine = SampleRun.machine(4, "AMD EPYC", "17");
      run.settings.put("clients", "200");
      run.seed = 43;
      run.commit = "fedcba";
      run.dirty = true;
    }
    assertThat(ofRuns().changesSince(before))
        .startsWith(
            "commit 0123456789abcdef, 3 runs -> commit fedcba with uncommitted changes, 3 runs",
            "machine: 4 CPUs instead of 2 CPUs",
            "settings: clients 200 instead of 100",
            "settings: seed 43 instead of 42");
  }

  private static Spread spread(Kpi kpi, double... values) {
    return Spread.of(kpi, Arrays.stream(values).boxed().toList());
  }

  private static Baseline baseline(Object... kpis) {
    Map<String, Spread> spreads = new TreeMap<>();
    for (int i = 0; i < kpis.length; i += 2) {
      spreads.put((String) kpis[i], (Spread) kpis[i + 1]);
    }
    return new Baseline(
        Baseline.SCHEMA,
        "SseBattleSimulation",
        "smoke",
        "2026-11-21T08:00:03Z",
        SampleRun.COMMIT,
        false,
        SampleRun.MACHINE_CLASS,
        Map.of("clients", "100"),
        42,
        3,
        spreads,
        Map.of());
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
