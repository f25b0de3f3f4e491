package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MS = Pacer.GRAIN_NS;
  private static final long HELD_NS = 60 * MS;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Counters counters = new Counters("test_");
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

  @Test
  void alarms_that_take_long_let_the_loop_do_other_things_in_between() {
    List<String> done = new ArrayList<>();
    for (String name : List.of("1", "2", "3")) {
      pacer
          .alarm(
              now -> {
                done.add(name);
                nowNs += 2 * MS;
              })
          .set(MS);
    }
    pacer.alarm(now -> done.add("next tick")).set(2 * MS);
    var unused = channel.eventLoop().schedule(() -> done.add("other"), MS, TimeUnit.NANOSECONDS);
    pass(2 * MS);
    assertThat(done).containsExactly("1", "other", "2", "3", "next tick");
  }

  @Test
  void an_alarm_rings_soon_once_and_does_not_pass_those_that_wait() {
    List<String> rung = new ArrayList<>();
    Pacer.Alarm first = pacer.alarm(now -> rung.add("first"));
    Pacer.Alarm later = pacer.alarm(now -> rung.add("later"));
    first.soon();
    pacer.alarm(now -> rung.add("second")).soon();
    first.soon();
    later.set(MS);
    later.soon();
    pass(0);
    assertThat(rung).containsExactly("first", "second");
    pass(MS);
    assertThat(rung).containsExactly("first", "second", "later");
  }

  private void pass(long ns) {
    nowNs += ns;
    channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  /** Whether a thread waits for a CPU or for something else, the scheduler knows. */
  @Test
  void a_loop_that_is_held_is_counted_with_its_length() throws Exception {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (LoopProbe probe = new LoopProbe(loops, counters, System::nanoTime)) {
      probe.start();
      JsonNode page = page();
      for (int held = 1; held <= 5 || page.get("loop_stalls").asInt() == 0; held++) {
        loops.submit(() -> LockSupport.parkNanos(HELD_NS)).sync();
        loops.schedule(() -> {}, 20, TimeUnit.MILLISECONDS).sync();
        page = page();
        assertThat(page.get("loop_stalls").asInt() + page.get("loop_delays").asInt())
            .isGreaterThanOrEqualTo(held);
      }
      assertThat(page.get("loop_stall_max_ms").asInt()).isGreaterThanOrEqualTo(10);
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private JsonNode page() {
    DefaultHttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, Counters.PATH);
    String json = counters.reply(request).content().toString(StandardCharsets.UTF_8);
    return RunningTarget.json(json);
  }
}
