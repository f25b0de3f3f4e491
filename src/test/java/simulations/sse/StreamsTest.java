package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.Answers.assertAnswer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import org.junit.jupiter.api.Test;
import simulations.run.Recording;
import simulations.run.Slos;
import simulations.sse.SseSettings.StreamPlan;

/** Figures of whole runs, by AIPerf's definitions, by a clock that the test moves. */
class StreamsTest {
  private static final long MS = 1_000_000;

  private final AtomicLong clockNs = new AtomicLong(1_000 * MS);
  private final Recording recording =
      new Recording(Phase.MEASURE, new Recorders(), new Tally(), clockNs::get);
  private final Streams streams =
      new Streams(
          recording,
          new StreamPlan(4, Duration.ofMillis(400), Duration.ZERO, Duration.ZERO),
          new Slos(List.of()),
          new Streams.Rows(ns -> ns / 1e9, row -> {}, text -> text),
          true);

  /** Twenty whole streams of 4 tokens in 500 ms each, one after the other; 12 and 30 read. */
  private void twentyWhole() {
    for (int count = 0; count < 20; count++) {
      recording.of(Kpi.ITL).record(400 * MS / 3);
      end(Outcome.OK, 500, 100, count % 2 == 0 ? 12 : 30, 4);
    }
    recording.of(Kpi.ITL).rotate();
  }

  private void end(Outcome outcome, long ms, long ttftMs, long input, long output) {
    long sentNs = clockNs.getAndAdd(ms * MS);
    streams.ended(outcome, sentNs, ttftMs < 0 ? -1 : ttftMs * MS, ms * MS, input, output);
  }

  @Test
  void tokens_of_whole_streams_are_counted() {
    twentyWhole();
    assertAnswer(streams.figures(), Kpi.OUTPUT_TOKENS_PER_S, 8); // 80 tokens in 10 s
    assertAnswer(streams.figures(), Kpi.OUTPUT_TOKENS_PER_S_PER_USER, 7.5); // 3 in 400 ms
    assertAnswer(streams.figures(), Kpi.OUTPUT_TOKENS, 4);
    assertAnswer(streams.figures(), Kpi.INPUT_TOKENS, 21);
    assertThat(streams.figures()).hasSize(4);
    assertThat(streams.distributions()).isEmpty();
    assertThat(streams.counters()).isEmpty();
  }

  @Test
  void the_drift_is_that_of_the_median_stream() {
    streams.paced(4, 300 * MS);
    streams.paced(4, 306 * MS);
    streams.paced(4, 150 * MS);
    assertAnswer(streams.driftPct(), Kpi.PACE_DRIFT, 2);
  }

  @Test
  void failed_and_cancelled_streams_are_figures_apart_and_in_no_other() {
    twentyWhole();
    end(Outcome.CANCELLED, 200, 50, -1, 2);
    end(Outcome.RESET, 300, 60, -1, 1);
    end(Outcome.INVALID, 300, -1, -1, 0);

    assertThat(streams.counters())
        .isEqualTo(
            Map.of(
                "ended_ok.streams",
                20L,
                "ended_failed.streams",
                2L,
                "ended_cancelled.streams",
                1L));
    assertThat(streams.figures().get("output_tokens").value()).isEqualTo(4);
    assertThat(streams.figures().get("ended_failed.output_tokens").value()).isEqualTo(0.5);
    assertThat(streams.figures()).doesNotContainKey("ended_failed.input_tokens");
    assertThat(streams.distributions().get("ended_failed.ttft").count()).isOne();
    assertThat(streams.distributions().get("ended_failed.e2e").count()).isEqualTo(2);
    assertThat(streams.distributions().get("ended_cancelled.e2e").max())
        .isCloseTo(200, within(0.2));
  }

  @Test
  void what_was_not_measured_is_no_figure() {
    end(Outcome.REFUSED, 3, -1, -1, 0);
    assertThat(streams.figures()).containsOnlyKeys("ended_failed.output_tokens");
  }

  @Test
  void faults_of_many_kinds_are_counted_together() {
    for (int kind = 0; kind < 10_000; kind++) {
      streams.faults.add("broke: " + kind, null);
    }
    assertThat(streams.faults.words())
        .startsWith("9,900 streams failed otherwise; 1 stream broke: ");
  }
}
