package faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import faults.FaultPlan.Parts;
import faults.FaultPlan.Strike;
import faults.FaultRun.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultPlanTest {
  private static final Parts PARTS = new Parts(Set.of("bids", "redis"), Set.of("bids-redis"));

  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<FaultRun.Event> events = new LinkedBlockingQueue<>();

  @Test
  void entries_become_strikes_by_their_time() {
    List<Strike> strikes =
        read("""
                { at = 9s, for = 1s, whom = bids-redis, what = latency
                  delay = 20ms, direction = up }
                { at = 1s, for = 0s, gap = 2s, whom = [bids, redis], what = stop }
                { at = 12s, for = 1s, whom = bids, what = clock-step, by = -500ms }
                """)
            .strikes();
    assertThat(strikes.stream().map(each -> each.name() + " " + each.at().toSeconds()))
        .containsExactly(
            "bids stop 1", "redis stop 3", "bids-redis latency 9", "bids clock-step 12");
    assertThat(strikes.get(2).what())
        .isEqualTo(new Latency(Direction.UP, Duration.ofMillis(20), Duration.ZERO));
    assertThat(strikes.get(3).what()).isEqualTo(new ClockStep(Duration.ofMillis(-500)));
  }

  @Test
  void a_random_order_has_every_pair_and_is_the_same_for_a_seed() {
    String entry =
        "{ at = 0s, for = 1s, order = random, whom = [bids, redis], what = [kill, stop, pause] }";
    List<String> first = read(entry).strikes().stream().map(Strike::name).toList();
    assertThat(first).hasSize(6).doesNotHaveDuplicates().isNotEqualTo(first.stream().sorted());
    assertThat(read(entry).strikes().stream().map(Strike::name)).isEqualTo(first);
    assertThat(read(entry).end()).isEqualTo(Duration.ofSeconds(6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for = 1s, whom = bids, what = kill | faults[0].at is missing; give a time such as 5s",
        "at = x, for = 1s, whom = bids, what = kill | faults[0].at 'x' is not a time such as 5s",
        "at = -1s, for = 1s, whom = bids, what = kill | faults[0].at is negative",
        "at = 1s, for = 1s, whom = bid, what = kill"
            + " | faults[0].whom 'bid' is unknown; choose of bids, bids-redis, redis",
        "at = 1s, for = 1s, whom = bids, what = reset"
            + " | faults[0].what 'reset' does not fit bids, which takes clock-step, full-disk,"
            + " kill, pause, stop",
        "at = 1s, for = 1s, whom = bids, what = clock-step"
            + " | faults[0].by is missing; give a time such as 5s",
        "at = 1s, for = 1s, whom = bids-redis, what = bandwidth, rate = 0"
            + " | faults[0].rate is below 1",
        "at = 1s, for = 1s, whom = bids-redis, what = reset, direction = left"
            + " | faults[0].direction 'left' is unknown; choose of both, down, up",
        "at = 1s, for = 1s, whom = bids, what = kill, delay = 1s"
            + " | faults[0].delay is unknown here; this entry may have at, for, gap, order, what,"
            + " whom",
      })
  void a_wrong_entry_is_reported(String entry, String error) {
    assertThat(errors("{ " + entry + " }")).containsExactly(error);
  }

  @Test
  void all_errors_are_reported_at_once_and_so_are_faults_of_a_part_that_overlap() {
    assertThat(errors("{ at = 1s }, { what = kill }")).hasSize(6);
    assertThat(
            errors(
                "{ at = 1s, for = 5s, whom = bids, what = kill }, "
                    + "{ at = 2s, for = 5s, whom = bids, what = stop }"))
        .containsExactly(
            "faults: bids stop at 2.0 s begins before bids kill of 1.0 s has ended; give it a later"
                + " at");
    assertThat(errors("")).containsExactly("faults is empty; give at least one");
  }

  @Test
  void a_plan_strikes_and_heals_and_reports_what_fails() throws Exception {
    FaultPlan plan =
        read(
            "{ at = 0s, for = 30ms, whom = bids, what = kill }, "
                + "{ at = 10ms, for = 0s, whom = redis, what = stop }");
    try (FaultRun run = run(plan)) {
      run.start();
      for (int event = 0; event < 6; event++) {
        assertThat(events.take()).isNotNull();
      }
    }
    assertThat(log)
        .hasSize(4)
        .containsSubsequence("strike bids", "heal bids")
        .containsSubsequence("strike redis", "heal redis");
  }

  @Test
  void closing_a_plan_heals_what_is_struck_and_nothing_strikes_later() throws Exception {
    FaultPlan plan =
        read(
            "{ at = 0s, for = 1h, whom = bids, what = pause }, "
                + "{ at = 1h, for = 1h, whom = redis, what = pause }");
    FaultRun run = run(plan);
    run.start();
    assertThat(events.take().moment()).isEqualTo(Moment.STRUCK);
    run.close();
    run.close();
    assertThat(log).containsExactly("strike bids", "heal bids");
    assertThat(events.stream().map(FaultRun.Event::moment))
        .containsExactly(Moment.HEALING, Moment.HEALED);
  }

  /** A service is there again only once its server is. */
  @Test
  void closing_a_plan_heals_parts_that_need_each_other() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Part waits = new Logged("waits", () -> both.await(10, TimeUnit.SECONDS));
    FaultPlan plan =
        read(
            "{ at = 0s, for = 1h, whom = bids, what = kill }, "
                + "{ at = 0s, for = 1h, whom = redis, what = kill }");
    FaultRun run =
        new FaultRun(plan, Map.of("bids", waits, "redis", waits), System::nanoTime, events::add);
    run.start();
    events.take();
    events.take();
    run.close();
    assertThat(events.stream().map(FaultRun.Event::moment).distinct())
        .containsExactly(Moment.HEALING, Moment.HEALED);
  }

  @Test
  void closing_a_plan_heals_also_if_the_caller_is_interrupted() throws Exception {
    FaultPlan plan = read("{ at = 0s, for = 1h, whom = bids, what = pause }");
    Part slow =
        new Logged(
            "slow",
            Executors.callable(() -> LockSupport.parkNanos(Duration.ofMillis(100).toNanos())));
    FaultRun run = new FaultRun(plan, Map.of("bids", slow), System::nanoTime, events::add);
    run.start();
    events.take();
    Thread.currentThread().interrupt();
    run.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(events.stream().map(FaultRun.Event::moment))
        .containsExactly(Moment.HEALING, Moment.HEALED);
  }

  private FaultRun run(FaultPlan plan) {
    Map<String, Part> parts =
        Map.of("bids", new Logged("bids", () -> 0), "redis", new Logged("redis", () -> 0));
    return new FaultRun(plan, parts, System::nanoTime, events::add);
  }

  private final class Logged implements Part {
    private final String name;
    private final Callable<?> healing;

    private Logged(String name, Callable<?> healing) {
      this.name = name;
      this.healing = healing;
    }

    @Override
    public void strike(Fault fault) {
      log.add("strike " + name);
    }

    @Override
    public void heal(Fault fault) throws Exception {
      log.add("heal " + name);
      healing.call();
    }
  }

  private static FaultPlan read(String entries) {
    return FaultPlan.read(
        ConfigFactory.parseString("faults = [" + entries + "]").getConfigList("faults"), PARTS, 7);
  }

  private static List<String> errors(String entries) {
    return catchThrowableOfType(FaultPlan.Unusable.class, () -> read(entries)).errors();
  }
}
