package verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kpi.Kpi;
import kpi.UnusableFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {
  private final SampleRun[] runs = {
    new SampleRun(1).with(Kpi.TTFT, 1_000, 10).with("goodput", 99),
    new SampleRun(2).with(Kpi.TTFT, 1_000, 14).with("goodput", 98),
    new SampleRun(3).with(Kpi.TTFT, 1_000, 12).with("goodput", 100),
  };

  @Test
  void is_the_centre_and_the_spread_of_every_figure() throws UnusableFile {
    Baseline baseline = baseline();

    assertThat(baseline.kpis().keySet())
        .containsExactly("ttft.p50", "ttft.p90", "ttft.p95", "ttft.p99", "goodput");
    assertThat(baseline.kpis().get("ttft.p50"))
        .isEqualTo(new Spread("ms", "lower", 12, 2, List.of(10.0, 14.0, 12.0)));
    assertThat(baseline.kpis().get("goodput"))
        .isEqualTo(new Spread("%", "higher", 99, 1, List.of(99.0, 98.0, 100.0)));
    assertThat(baseline.distributions())
        .isEqualTo(
            Map.of(
                "ttft",
                Map.of("0", 6.0, "50", 12.0, "90", 24.0, "95", 36.0, "99", 48.0, "100", 72.0)));
  }

  @Test
  void says_what_was_run_and_where() throws UnusableFile {
    Baseline baseline = baseline();

    assertThat(baseline.schema()).isEqualTo(1);
    assertThat(baseline.simulation()).isEqualTo("SseBattleSimulation");
    assertThat(baseline.profile()).isEqualTo("smoke");
    assertThat(baseline.made()).isEqualTo("2026-11-21T08:00:03Z");
    assertThat(baseline.commit()).isEqualTo(SampleRun.COMMIT);
    assertThat(baseline.machine()).isEqualTo(SampleRun.MACHINE_CLASS);
    assertThat(baseline.settings()).isEqualTo(Map.of("clients", "100", "llm.url", ""));
    assertThat(baseline.seed()).isEqualTo(42);
    assertThat(baseline.runs()).isEqualTo(3);
    assertThat(baseline.dirty()).isFalse();
  }

  @Test
  void one_run_of_a_changed_tree_makes_it_dirty() throws UnusableFile {
    runs[0].dirty = true;

    assertThat(baseline().dirty()).isTrue();
  }

  @Test
  void a_figure_that_one_run_lacks_is_left_out() throws UnusableFile {
    runs[1].with(Kpi.TTFT, 999, 14).figures.remove("goodput");

    assertThat(baseline().kpis().keySet()).containsExactly("ttft.p50", "ttft.p90", "ttft.p95");
    assertThat(baseline().distributions().get("ttft"))
        .containsOnlyKeys("0", "50", "90", "95", "100");

    runs[2].kpis.clear();
    assertThat(baseline().kpis()).isEmpty();
    assertThat(baseline().distributions()).isEmpty();
  }

  @Test
  void a_figure_that_one_run_alone_has_is_left_out() throws UnusableFile {
    runs[2].with("llm.rss_max", 165);
    assertThat(baseline().kpis()).doesNotContainKey("llm.rss_max");

    runs[0].with("proxy.rss_max", 165);
    assertThat(baseline().kpis()).doesNotContainKey("proxy.rss_max");
  }

  @Test
  void a_figure_that_is_no_number_is_left_out() throws UnusableFile {
    runs[1].with("goodput", Double.NaN);
    assertThat(baseline().kpis()).doesNotContainKey("goodput");

    runs[1].with("goodput", Double.POSITIVE_INFINITY);
    assertThat(baseline().kpis()).doesNotContainKey("goodput");
  }

  @Test
  void what_the_catalogue_does_not_know_is_left_out() throws UnusableFile {
    for (SampleRun run : runs) {
      run.kpis.put("hops", run.kpis.get("ttft"));
      run.kpis.put("goodput", run.kpis.get("ttft"));
      run.kpis.put("llm.ttft", run.kpis.get("ttft"));
      run.figures.put("hops", run.figures.get("goodput"));
      run.figures.put("ttft", run.figures.get("goodput"));
    }

    assertThat(baseline().kpis().keySet())
        .containsExactly("ttft.p50", "ttft.p90", "ttft.p95", "ttft.p99", "goodput");
    assertThat(baseline().distributions()).containsOnlyKeys("ttft");
  }

  @Test
  void runs_that_failed_a_threshold_make_a_baseline_all_the_same() throws UnusableFile {
    runs[0].with(new Check("ttft_p95", Check.Kind.THRESHOLD, Check.Outcome.FAIL, "", "", "Slow."));

    assertThat(baseline().runs()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void fewer_than_three_runs_make_none(int count) {
    List<RunRecord> few = new ArrayList<>();
    for (int run = 0; run < count; run++) {
      few.add(runs[run].record());
    }

    assertThatThrownBy(() -> Baseline.of(few))
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            "A baseline needs at least 3 runs, for its spread tells noise from change; given: "
                + count
                + ".");
  }

  @Test
  void one_run_given_twice_makes_none() {
    runs[1].started = runs[0].started;

    assertThatThrownBy(this::baseline)
        .isInstanceOf(UnusableFile.class)
        .hasMessage(
            "A baseline needs different runs, for its spread tells noise from change; of those"
                + " given, two started at the same time.");
  }

  @Test
  void an_invalid_run_makes_none() {
    runs[1].with(Check.validity("gc_pause", false, "", "", "The injector stood still."));

    refused("its verdict is INVALID. The injector stood still.");
  }

  @Test
  void a_run_that_broke_an_invariant_makes_none() {
    runs[1].with(Check.invariant("tokens_in_order", false, "", "", "Two tokens were swapped."));

    refused("its verdict is FAIL. Two tokens were swapped.");
  }

  @Test
  void a_run_with_a_planted_defect_makes_none() {
    runs[1].defects.put("llm.defect", "stall");
    runs[1].defects.put("proxy.defect", "coalesce-50ms");

    refused("a defect was planted, llm.defect=stall, proxy.defect=coalesce-50ms.");
  }

  @Test
  void runs_of_two_profiles_or_simulations_make_none() {
    runs[1].profile = "heavy";
    refused("it is one of SseBattleSimulation.heavy.");

    runs[1].simulation = "OtherSimulation";
    refused("it is one of OtherSimulation.heavy.");
  }

  @Test
  void runs_of_two_commits_make_none() {
    runs[1].commit = "fedcba";

    refused("it ran commit fedcba instead of 0123456789abcdef.");
  }

  @Test
  void runs_that_are_not_alike_make_none_and_the_differences_are_named() {
    runs[1].machine = SampleRun.machine(4, "AMD EPYC", "21");
    runs[1].settings.put("clients", "200");
    runs[1].settings.put("llm.url", "http://127.0.0.1:9000");
    runs[1].seed = 43;

    refused(
        "it ran with 4 CPUs instead of 2 CPUs, Java 21 instead of Java 17, clients 200 instead of"
            + " 100, llm.url http://127.0.0.1:9000 instead of none, seed 43 instead of 42.");
  }

  @Test
  void a_run_like_its_own_can_be_compared() throws UnusableFile {
    assertThat(baseline().objection(new SampleRun(4).record())).isEmpty();
  }

  @Test
  void another_commit_and_a_planted_defect_are_what_a_comparison_is_for() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.commit = "fedcba";
    other.dirty = true;
    other.defects.put("llm.defect", "stall");

    assertThat(baseline().objection(other.record())).isEmpty();
  }

  @Test
  void another_machine_cannot_be_compared_whatever_the_settings() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.machine = SampleRun.machine(4, "Xeon", "17");
    other.settings.put("clients", "200");

    assertThat(baseline().objection(other.record()))
        .hasValue(
            "The baseline is from another class of machine: 4 CPUs instead of 2 CPUs,"
                + " Xeon instead of AMD EPYC.");
  }

  @Test
  void other_settings_cannot_be_compared_and_each_is_named_with_both_values() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.settings.put("clients", "200");
    other.settings.put("hold", "9s");
    other.settings.put("llm.url", "http://127.0.0.1:9000");

    assertThat(baseline().objection(other.record()))
        .hasValue(
            "The baseline was made with other settings: clients 200 instead of 100, hold 9s instead"
                + " of none, llm.url http://127.0.0.1:9000 instead of none.");
  }

  @Test
  void a_setting_that_is_empty_is_as_good_as_absent() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.settings.remove("llm.url");
    other.settings.put("proxy.url", "");

    assertThat(baseline().objection(other.record())).isEmpty();
  }

  @Test
  void another_seed_cannot_be_compared_whether_it_is_a_setting_or_not() throws UnusableFile {
    SampleRun other = new SampleRun(4);
    other.seed = 43;
    String objection = "The baseline was made with other settings: seed 43 instead of 42.";

    assertThat(baseline().objection(other.record())).hasValue(objection);

    for (SampleRun run : runs) {
      run.settings.put("seed", "42");
    }
    other.settings.put("seed", "43");
    assertThat(baseline().objection(other.record())).hasValue(objection);
  }

  private Baseline baseline() throws UnusableFile {
    return Baseline.of(List.of(runs[0].record(), runs[1].record(), runs[2].record()));
  }

  private void refused(String objection) {
    assertThatThrownBy(this::baseline)
        .isInstanceOf(UnusableFile.class)
        .hasMessage(runs[1].record().folder() + " cannot be part of a baseline: " + objection);
  }
}
