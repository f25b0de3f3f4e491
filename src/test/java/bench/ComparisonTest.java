package bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;
import kpi.Median;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void cpu_for_each_event_is_the_median_of_the_rounds() {
    Comparison.Line gauntlet = line("gauntlet");
    assertThat(gauntlet.cpuUs()).hasValue(20.0);
    assertThat(gauntlet.ratio()).hasValue(1.0);
    assertThat(gauntlet.events()).isEqualTo(3_000);
    assertThat(gauntlet.lost()).isEqualTo(3);
    assertThat(gauntlet.rssMb()).hasValue(100.0);
  }

  @Test
  void ratios_are_taken_within_a_round_so_that_a_slow_round_does_not_decide() {
    // By round: 5/10, 15/20, 60/120; the ratio of the medians would be 0.75.
    assertThat(line("nginx").ratio()).hasValue(0.5);
  }

  @Test
  void added_latency_is_the_difference_to_the_direct_way_of_the_same_round() {
    Comparison.Line nginx = line("nginx");
    assertThat(nginx.added()).contains(new Received.Spread(40, 400));
    assertThat(line("direct").added()).isEmpty();
    assertThat(line("direct").cpuUs()).isEmpty();
  }

  @Test
  void lanes_keep_the_order_of_their_first_legs() {
    assertThat(new Comparison(legs()).lines())
        .extracting(Comparison.Line::lane)
        .containsExactly("direct", "gauntlet", "nginx");
  }

  @Test
  void each_round_begins_one_lane_further_on() {
    List<String> lanes = List.of("A", "B", "C", "D");
    assertThat(ProxyBench.turned(lanes, 0)).containsExactly("A", "B", "C", "D");
    assertThat(ProxyBench.turned(lanes, 1)).containsExactly("B", "C", "D", "A");
    assertThat(ProxyBench.turned(lanes, 4)).containsExactly("A", "B", "C", "D");
  }

  @Test
  void the_median_of_an_even_number_of_values_lies_between_the_middle_two() {
    assertThat(Median.of(DoubleStream.of(4, 1, 3, 2))).hasValue(2.5);
    assertThat(Median.of(DoubleStream.empty())).isEmpty();
  }

  @Test
  void columns_of_a_table_are_as_wide_as_their_widest_cell() {
    assertThat(new Table().row("a", "b").row("long", "1,234").lines())
        .containsExactly("a         b", "long  1,234");
  }

  private static Comparison.Line line(String lane) {
    return new Comparison(legs())
        .lines().stream().filter(line -> line.lane().equals(lane)).findFirst().orElseThrow();
  }

  /** Three rounds; the third is disturbed in every lane alike. */
  private static List<Leg> legs() {
    List<Leg> legs = new ArrayList<>();
    double[][] rounds = {{100, 10, 5, 130}, {200, 20, 15, 240}, {900, 120, 60, 2_000}};
    for (int round = 0; round < rounds.length; round++) {
      double[] values = rounds[round];
      legs.add(leg("direct", round + 1, values[0], OptionalDouble.empty()));
      legs.add(leg("gauntlet", round + 1, values[3], cpu(values[1])));
      legs.add(leg("nginx", round + 1, values[3], cpu(values[2])));
    }
    return legs;
  }

  private static OptionalDouble cpu(double usPerEvent) {
    return OptionalDouble.of(usPerEvent * 500 / 1e6);
  }

  private static Leg leg(String lane, int round, double latenessUs, OptionalDouble cpuS) {
    return new Leg(
        lane,
        round,
        new Received(
            1_001,
            1_000,
            9,
            new Received.Spread(1, 2),
            new Received.Spread(latenessUs, latenessUs * 10),
            500,
            5),
        cpuS,
        cpuS.isEmpty() ? OptionalLong.empty() : OptionalLong.of(100_000_000));
  }
}
