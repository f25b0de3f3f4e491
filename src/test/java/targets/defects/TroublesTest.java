package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.shared.Counters;

/** The life of troubles, in a target that is not made of event loops. */
@Timeout(30)
class TroublesTest {
  private final TimelessLoop loop = new TimelessLoop();

  @AfterEach
  void stop_the_loop() {
    loop.shutdownNow();
  }

  @Test
  void a_target_without_troubles_has_no_task_and_no_request_is_struck() {
    try (Troubles troubles = start(new TroublePlan(0, 0, 0, 0, 0))) {
      assertThat(IntStream.range(0, 1_000).filter(each -> troubles.isHit("GET", "/work")))
          .isEmpty();
      assertThat(loop.getQueue()).isEmpty();
    }
  }

  @Test
  void only_what_takes_time_has_a_task() {
    start(new TroublePlan(0, 0, 1, 1, 1)).close();
    assertThat(loop.getQueue()).isEmpty();
    start(new TroublePlan(1, 1_000, 0, 0, 0)).close();
    assertThat(loop.getQueue()).hasSize(2);
  }

  @Test
  void every_loop_has_its_share_of_the_slowness() {
    TimelessLoop other = new TimelessLoop();
    Troubles troubles = troubles(new TroublePlan(1, 0, 0, 0, 0));
    troubles.start(List.of(loop, other), new Counters("x_"));
    troubles.close();
    assertThat(List.of(loop, other)).allMatch(each -> each.getQueue().size() == 1);
    other.shutdownNow();
  }

  @Test
  void requests_of_many_threads_fail_at_the_same_rate() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try (Troubles troubles = start(new TroublePlan(0, 0, 0, 0, 6_000))) {
      List<Future<Boolean>> struck =
          IntStream.range(0, 10_000)
              .mapToObj(each -> clients.submit(() -> troubles.isHit("GET", "/work")))
              .toList();
      int failed = 0;
      for (Future<Boolean> each : struck) {
        failed += each.get() ? 1 : 0;
      }
      assertThat(failed).isEqualTo(600);
    } finally {
      clients.shutdownNow();
    }
  }

  private Troubles start(TroublePlan plan) {
    Troubles troubles = troubles(plan);
    troubles.start(List.of(loop), new Counters("x_"));
    return troubles;
  }

  private static Troubles troubles(TroublePlan plan) {
    PlantedError error =
        new PlantedError((method, path) -> path.equals("/work"), 500, "", List.of());
    return new Troubles(plan, error, () -> 0);
  }

  /** A loop on which nothing ever comes due, so that what is scheduled can be counted. */
  private static final class TimelessLoop extends ScheduledThreadPoolExecutor {
    TimelessLoop() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      return super.schedule(task, 1, TimeUnit.DAYS);
    }
  }
}
