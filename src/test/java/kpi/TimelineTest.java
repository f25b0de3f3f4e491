package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Timeline.Span;
import org.junit.jupiter.api.Test;

class TimelineTest {
  /** Monotonic clocks may start anywhere, below zero too. */
  private final AtomicLong clockNs = new AtomicLong(-5_000_000_000L);

  private final Timeline timeline = new Timeline(clockNs::get, "start");

  @Test
  void phases_follow_each_other_without_a_gap() {
    pass(1_500);
    timeline.begin("ramp");
    pass(500);
    timeline.begin("hold");
    pass(250);

    assertThat(timeline.current()).isEqualTo("hold");
    assertThat(timeline.nowS()).isEqualTo(2.25);
    assertThat(timeline.spans())
        .containsExactly(
            new Span("start", 0, 1.5), new Span("ramp", 1.5, 2), new Span("hold", 2, 2.25));
  }

  @Test
  void beginning_the_current_phase_changes_nothing() {
    pass(1_000);
    timeline.begin("ramp");
    pass(1_000);
    timeline.begin("ramp");

    assertThat(timeline.spans()).containsExactly(new Span("start", 0, 1), new Span("ramp", 1, 2));
  }

  @Test
  void a_reading_of_the_clock_is_a_second_of_the_run() {
    assertThat(timeline.secondsAt(clockNs.get() + 2_000_000_000L)).isEqualTo(2);
    assertThat(timeline.secondsAt(clockNs.get())).isZero();
  }

  private void pass(long ms) {
    clockNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }
}
