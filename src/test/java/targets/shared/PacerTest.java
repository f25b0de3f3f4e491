package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
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
  void an_alarm_that_fails_does_not_silence_the_others_of_its_tick() {
    List<Integer> rung = new ArrayList<>();
    pacer.alarm(now -> rung.add(1)).set(MS);
    pacer
        .alarm(
            now -> {
              throw new IllegalStateException("planted by the test");
            })
        .set(MS);
    pacer.alarm(now -> rung.add(3)).set(MS);
    pass(MS);
    assertThat(rung).containsExactly(1, 3);
  }

  private void pass(long ns) {
    nowNs += ns;
    channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }
}
