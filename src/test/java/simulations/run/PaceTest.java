package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import simulations.run.Pace.End;

class PaceTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;
  private long steadyNs;
  private final Pace pace = new Pace(atNs -> Math.max(steadyNs, atNs));
  private final Random random = new Random(7);
  private long nowNs = 5 * S;

  @Test
  void a_feed_that_goes_on_until_its_reader_leaves_is_steady() {
    send(200, () -> 20 * MS);
    assertThat(after(400 * MS)).isEqualTo(End.STEADY);
  }

  @Test
  void one_that_stops_is_silent_though_it_stalled_before() {
    send(150, () -> 20 * MS);
    send(1, () -> 300 * MS);
    send(100, () -> 20 * MS);
    assertThat(after(2 * S)).isEqualTo(End.STEADY);
    assertThat(after(4 * S)).isEqualTo(End.SILENT);
  }

  @Test
  void so_is_one_that_sends_in_batches() {
    for (int batch = 0; batch < 12; batch++) {
      send(1, () -> 500 * MS);
      send(49, () -> MS / 100);
    }
    assertThat(after(5 * S)).isEqualTo(End.STEADY);
    assertThat(after(6 * S)).isEqualTo(End.SILENT);
  }

  @Test
  void one_without_a_plan_is_never_taken_for_silent() {
    for (int run = 0; run < 2000; run++) {
      Pace own = new Pace(LongUnaryOperator.identity());
      long atNs = 0;
      long untilNs = (long) (random.nextDouble() * 30 * S);
      double meanNs = Math.exp(random.nextDouble() * 9) * MS;
      while (atNs < untilNs) {
        own.on(atNs);
        atNs += (long) (-Math.log(1 - random.nextDouble()) * meanNs);
      }
      assertThat(own.end(untilNs))
          .as("mean %s ns until %s ns", meanNs, untilNs)
          .isNotIn(End.SILENT, End.BRIEF, End.UNCLEAR);
    }
  }

  @Test
  void bursts_have_no_pace() {
    for (int burst = 0; burst < 3; burst++) {
      send(60, () -> 20 * MS);
      send(1, () -> S + (long) (random.nextDouble() * 3 * S));
    }
    assertThat(after(8 * S)).isEqualTo(End.RARE);
  }

  @Test
  void a_burst_at_the_beginning_leaves_open_whether_the_feed_stopped() {
    send(200, () -> 24 * MS);
    assertThat(after(5 * S)).isEqualTo(End.BRIEF);
  }

  @Test
  void few_events_have_no_pace_and_none_is_told_apart() {
    assertThat(after(9 * S)).isEqualTo(End.MUTE);
    send(10, () -> 20 * MS);
    assertThat(after(9 * S)).isEqualTo(End.RARE);
  }

  @Test
  void what_comes_while_users_arrive_has_no_pace_and_is_not_told_apart_from_few_events() {
    steadyNs = 30 * S;
    send(400, () -> 20 * MS);
    assertThat(after(20 * S)).isEqualTo(End.RARE);
  }

  private End after(long silentNs) {
    return pace.end(nowNs + silentNs);
  }

  private void send(int events, LongSupplier gapNs) {
    for (int event = 0; event < events; event++) {
      nowNs += gapNs.getAsLong();
      pace.on(nowNs);
    }
  }
}
