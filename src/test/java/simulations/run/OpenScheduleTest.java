package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import simulations.run.OpenSchedule.Due;

/** A schedule by a clock that the test moves. */
class OpenScheduleTest {
  private final AtomicLong clockNs = new AtomicLong();
  private final BlockingQueue<List<Due<String>>> batches = new LinkedBlockingQueue<>();

  @AutoClose
  private final OpenSchedule<String> schedule =
      new OpenSchedule<>("test", clockNs::get, this::following, batches::add);

  @Test
  void what_is_due_at_once_comes_together_in_its_order_and_nothing_comes_early() throws Exception {
    schedule.add(30, "late");
    schedule.add(20, "second");
    schedule.add(20, "third");
    schedule.add(10, "first");
    assertThat(batches.poll(50, TimeUnit.MILLISECONDS)).isNull();

    clockNs.set(20);
    assertThat(items()).containsExactly("first", "second", "third");
    clockNs.set(30);
    assertThat(items()).containsExactly("late");
  }

  @Test
  void items_that_follow_are_due_by_the_schedule_and_not_by_the_work() throws Exception {
    clockNs.set(35);
    schedule.add(10, "repeated");

    assertThat(batches.take()).extracting(Due::atNs).containsExactly(10L, 20L, 30L);
    clockNs.set(40);
    assertThat(batches.take()).extracting(Due::atNs).containsExactly(40L);
  }

  @Test
  void a_closed_schedule_drops_what_is_still_due() throws Exception {
    schedule.add(10, "dropped");
    schedule.close();
    clockNs.set(10);

    assertThat(schedule.isClosed()).isTrue();
    assertThat(batches.poll(50, TimeUnit.MILLISECONDS)).isNull();
  }

  private Optional<Due<String>> following(Due<String> due) {
    return due.item().equals("repeated")
        ? Optional.of(new Due<>(due.atNs() + 10, due.item()))
        : Optional.empty();
  }

  private List<String> items() throws InterruptedException {
    return batches.take().stream().map(Due::item).toList();
  }
}
