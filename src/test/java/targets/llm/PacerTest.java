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

  private void pass(long ns) {
    nowNs += ns;
    channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }
}
