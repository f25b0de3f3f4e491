package simulations.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import kpi.Kpi;
import kpi.ProcessSample;
import kpi.Sample;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import simulations.live.LiveFigures.Moment;

class LiveLineTest {
  @Test
  void a_line_shows_the_phase_and_the_cost_of_each_process() {
    Map<Kpi, Histogram> intervals = new EnumMap<>(Kpi.class);
    intervals.put(Kpi.TTFT, of(12_000_000));
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    processes.put("llm", new ProcessSample(9, 0.25, 64_999_999, 1, 0, 9, 9, 0, 1, 1, 1));
    processes.put("proxy", null);
    processes.put("own", new ProcessSample(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));

    assertThat(
            line()
                .words(
                    Moment.of(
                        new Sample(
                            12.4, "hold", 16_300.4, 0, 0, 1_000, 2_345, 6, intervals, processes))))
        .isEqualTo(
            "  12 s  hold      1,000 open   16,300 events/s  ttft p99   12.0 ms  2,345 ok, 6 "
                + "failed  | llm 0.25 cpu 64 MB | proxy no answer | own");
  }

  @Test
  void a_kpi_has_its_column_from_its_first_value_on_and_keeps_it_without_one() {
    LiveLine line = line();
    Map<Kpi, Histogram> lag = Map.of(Kpi.DELIVERY_LAG, of(3_000_000));

    assertThat(line.words(at(1, Map.of()))).contains("0 events/s  0 ok").doesNotContain("p99");
    assertThat(line.words(at(2, lag))).contains("events/s  lag p99    3.0 ms  0 ok");
    assertThat(line.words(at(3, Map.of()))).contains("events/s  lag p99      -     0 ok");
  }

  @Test
  void lines_come_at_their_interval_and_not_more_often() {
    LiveLine live = line();

    assertThat(live.isDue(1)).isTrue();
    assertThat(live.isDue(2)).isFalse();
    assertThat(live.isDue(2.6)).isTrue();
    assertThat(live.isDue(4)).isFalse();
    assertThat(live.isDue(10)).isTrue();
  }

  private static LiveLine line() {
    return new LiveLine(Duration.ofSeconds(2));
  }

  private static Moment at(double t, Map<Kpi, Histogram> intervals) {
    return Moment.of(new Sample(t, "hold", 0, 0, 0, 9, 0, 0, intervals, Map.of()));
  }

  private static Histogram of(long ns) {
    Histogram histogram = new Histogram(3);
    histogram.recordValue(ns);
    return histogram;
  }
}
