package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PacerTest {
  private static final long MS = Pacer.GRAIN_NS;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private long nowNs;
  private final Pacer pacer = new Pacer(channel.eventLoop(), () -> nowNs);

  PacerTest() {
    channel.freezeTime();
  }

  @Test
  void alarms_ring_in_the_order_of_their_due_times_and_never_early() {
    List<Long> rung = new ArrayList<>();
    List<Long> due = new ArrayList<>(new Random(1).longs(500, 0, 100 * MS).boxed().toList());
    for (long each : due) {
      pacer
          .alarm(
              now -> {
                assertThat(now).isGreaterThanOrEqualTo(each).isLessThan(each + MS);
                rung.add(each);
              })
          .set(each);
    }
    for (int ms = 0; ms <= 100; ms++) {
      pass(MS);
    }
    assertThat(rung).hasSize(500).extracting(each -> -Math.floorDiv(-each, MS)).isSorted();
  }

  @Test
  void a_pace_does_not_drift_however_late_the_loop_wakes() {
    StreamPlan plan =
        PacedPlan.of(
            new ChatRequest(
                "m",
                ChatRequest.Delivery.STREAM,
                42,
                StreamPlanTest.pace(163, 10_000, 0, 0),
                Integer.MAX_VALUE,
                0),
            0);
    long[] sentNs = new long[164];
    int[] step = {0};
    Pacer.Alarm[] alarm = new Pacer.Alarm[1];
    alarm[0] =
        pacer.alarm(
            now -> {
              while (step[0] < 164 && plan.dueNs(step[0], 0) <= now) {
                sentNs[step[0]++] = now;
              }
              if (step[0] < 164) {
                alarm[0].set(plan.dueNs(step[0], 0));
              }
            });
    alarm[0].set(0);
    Random late = new Random(7);
    while (step[0] < 164) {
      pass(1 + late.nextLong(40 * MS));
    }
    for (int k = 0; k < 164; k++) {
      assertThat(sentNs[k] - plan.dueNs(k, 0)).isBetween(0L, 41 * MS);
    }
  }

  private void pass(long ns) {
    nowNs += ns;
    channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }
}
