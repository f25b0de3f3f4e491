package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import kpi.Kpi;
import org.junit.jupiter.api.Test;

class BaselineDiffTest {
  private static final String COMMITS =
      "commit 0123456789abcdef, 3 runs -> commit 0123456789abcdef, 3 runs";

  @Test
  void names_each_figure_that_moved_and_counts_the_others() {
    assertThat(
            BaselineDiff.lines(
                baseline(
                    Map.of("goodput", spread(Kpi.GOODPUT, 99, 100, 98), "ttft.p99", ttft(5, 6, 7))),
                baseline(
                    Map.of("goodput", spread(Kpi.GOODPUT, 99, 99, 98), "ttft.p99", ttft(9, 9, 9)))))
        .containsExactly(
            COMMITS,
            "ttft.p99                     6 ± 1 ms -> 9 ± 0 ms  +50.0 %",
            "1 figures moved by less than 2 %");
  }

  @Test
  void two_per_cent_are_a_move_and_less_is_none() {
    Baseline before = baseline(Map.of("ttft.p99", ttft(100, 100, 100)));

    assertThat(BaselineDiff.lines(before, baseline(Map.of("ttft.p99", ttft(98, 98, 98)))))
        .contains("ttft.p99                     100 ± 0 ms -> 98 ± 0 ms  -2.0 %");
    assertThat(BaselineDiff.lines(before, baseline(Map.of("ttft.p99", ttft(101.99, 102, 0)))))
        .containsExactly(COMMITS, "1 figures moved by less than 2 %");
  }

  @Test
  void a_figure_that_was_nothing_or_less_moves_without_a_share() {
    Baseline before = baseline(Map.of("ttft.p99", ttft(0, 0, 0)));

    assertThat(BaselineDiff.lines(before, before))
        .containsExactly(COMMITS, "1 figures moved by less than 2 %");
    assertThat(BaselineDiff.lines(before, baseline(Map.of("ttft.p99", ttft(1, 1, 1)))))
        .containsExactly(
            COMMITS,
            "ttft.p99                     0 ± 0 ms -> 1 ± 0 ms",
            "0 figures moved by less than 2 %");
  }

  @Test
  void names_what_is_new_and_what_is_gone() {
    assertThat(
            BaselineDiff.lines(
                baseline(Map.of("ttft.p99", ttft(5, 6, 7))),
                baseline(Map.of("ttft.p95", ttft(2, 4, 6)))))
        .containsExactly(
            COMMITS,
            "ttft.p95 is new: 4 ± 2 ms",
            "ttft.p99 is gone",
            "0 figures moved by less than 2 %");
  }

  @Test
  void names_what_is_another_machine_or_setting_with_the_old_value_second() {
    Baseline before = baseline(Map.of());
    MachineClass larger = new MachineClass(4, "AMD EPYC", 24, "Linux amd64", "17");
    Baseline after =
        new Baseline(
            1,
            "SseBattleSimulation",
            "smoke",
            "2026-11-22T08:00:03Z",
            "fedcba",
            true,
            larger,
            Map.of("clients", "200"),
            43,
            5,
            Map.of(),
            Map.of());

    assertThat(BaselineDiff.lines(before, after))
        .containsExactly(
            "commit 0123456789abcdef, 3 runs -> commit fedcba with uncommitted changes, 5 runs",
            "machine: 4 CPUs instead of 2 CPUs",
            "settings: clients 200 instead of 100",
            "settings: seed 43 instead of 42",
            "0 figures moved by less than 2 %");
  }

  private static Spread ttft(double... values) {
    return spread(Kpi.TTFT, values);
  }

  private static Spread spread(Kpi kpi, double... values) {
    return Spread.of(kpi, Arrays.stream(values).boxed().toList());
  }

  private static Baseline baseline(Map<String, Spread> kpis) {
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
        new TreeMap<>(kpis),
        Map.of());
  }
}
