package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Within;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Latencies that cannot be, each by itself or beside the others. */
class LatenciesTest {
  private final SampleRun run = SampleRun.healthy();

  @Test
  void a_value_that_is_no_latency_makes_a_run_invalid_and_counts_as_a_sample() {
    run.with(Kpi.TTFT, 998, 5).counters.put("ttft_outside", 2L);
    assertThat(Latencies.count(run.report(), Kpi.TTFT)).isEqualTo(1_000);
    assertInvalid("latencies_possible", "below 0, or above an hour, and no latencies: 2 of ttft.");
  }

  @ParameterizedTest
  @EnumSource(Within.class)
  void a_sample_whose_part_is_longer_than_its_whole_makes_a_run_invalid(Within pair) {
    run.with(pair.whole(), 1_000, 5);
    assertThat(invalid()).isEmpty();
    run.counters.put(pair.counter(), 3L);
    String words = pair.part().word() + " in " + pair.whole().word();
    assertInvalid("latencies_nested", words + " (3 samples longer)");
  }

  /** The pings of a stage that go out before they are due: its rtt is shorter than rtt_sent. */
  @ParameterizedTest
  @CsvSource({"'', 4.9, false", "'', 5, true", "stage_100., 4.9, false", "stage_100., 6, true"})
  void percentiles_of_equal_samples_are_ordered_in_the_run_and_in_each_stage(
      String stage, double rttMs, boolean holds) {
    run.with(Kpi.RTT, 1_000, 6).with(Kpi.RTT_SENT, 1_000, 5);
    var whole = new SampleRun(1).with(Kpi.RTT, 1_000, rttMs).kpis.get("rtt");
    run.kpis.put(stage + "rtt", whole);
    run.kpis.put(stage + "rtt_sent", run.kpis.get("rtt_sent"));
    if (holds) {
      assertThat(invalid()).isEmpty();
    } else {
      assertInvalid("latencies_nested", "rtt_sent in rtt (percentiles of " + stage + "rtt)");
      run.with(Kpi.RTT_SENT, 999, 5).kpis.put(stage + "rtt_sent", run.kpis.get("rtt_sent"));
      assertThat(invalid()).as("of other samples nothing follows").isEmpty();
    }
  }

  /** Of 1,000 tokens, half of which were read from the store. */
  @ParameterizedTest
  @CsvSource({"1000, 11, true", "1000, 11.3, false", "1000, 10.7, false", "999, 13, true"})
  void the_hops_of_a_token_add_up_to_its_lag(long toClient, double lagMs, boolean holds) {
    run.with(Kpi.HOP_REDIS, 1_000, 1).with(Kpi.HOP_BRIDGE, 1_000, 2).with(Kpi.HOP_NATS, 500, 6);
    run.with(Kpi.HOP_ADAPTER, 1_000, 3).with(Kpi.HOP_CLIENT, toClient, 2);
    run.with(Kpi.DELIVERY_LAG, 1_000, lagMs);
    if (holds) {
      assertThat(invalid()).isEmpty();
    } else {
      assertInvalid("latencies_nested", "hops in delivery_lag (%.1f ms".formatted(lagMs * 1_000));
    }
  }

  private List<Check> invalid() {
    return Stream.concat(
            Stream.of(Latencies.possible(run.report())), Latencies.nested(run.report()).stream())
        .filter(check -> check.outcome() == Check.Outcome.INVALID)
        .toList();
  }

  private void assertInvalid(String name, String reason) {
    assertThat(invalid()).extracting(Check::name).containsExactly(name);
    assertThat(invalid().get(0).reason()).contains(reason);
  }
}
