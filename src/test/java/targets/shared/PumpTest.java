package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PumpTest {
  private final Store store = new Store();

  @Test
  void a_batch_is_acknowledged_only_after_all_of_it_was_delivered() throws Exception {
    store.fill(1, 7);
    store.atOnce = 2;
    pump();
    assertThat(store.delivered).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(store.entries).isEmpty();
  }

  @Test
  void a_failed_session_is_opened_again_and_reads_the_batch_again() throws Exception {
    store.fill(1, 3);
    store.failures.set(2);
    pump();
    assertThat(store.delivered).containsExactly(1, 2, 3);
    assertThat(store.failed).hasValue(2);
  }

  @Test
  void a_batch_that_another_process_holds_now_is_given_up_and_read_again() throws Exception {
    store.fill(1, 3);
    store.atOnce = 2;
    store.lost.set(1);
    pump();
    assertThat(store.delivered).containsExactly(1, 2, 1, 2, 3);
  }

  @Test
  void a_closed_pump_gives_up_at_its_bound_and_acknowledges_nothing_undelivered() {
    store.fill(1, 3);
    store.atOnce = 0;
    Pump<Integer> pump = start(true, Duration.ofMillis(100));
    pump.close();
    assertThat(store.entries).containsExactly(1, 2, 3);
    assertThat(store.opened).hasValue(store.closed.get());
  }

  @Test
  void a_pump_that_ends_when_empty_delivers_everything_in_the_source() {
    store.fill(1, 1000);
    start(true, Duration.ofSeconds(10)).close();
    assertThat(store.delivered).isEqualTo(IntStream.rangeClosed(1, 1000).boxed().toList());
  }

  /** Works until the first batch is acknowledged, and finishes the one in hand. */
  private void pump() throws InterruptedException {
    Pump<Integer> pump = start(false, Duration.ofSeconds(10));
    store.acknowledged.await();
    pump.close();
  }

  private Pump<Integer> start(boolean whenEmpty, Duration bound) {
    Pump.Ending ending = new Pump.Ending(bound, whenEmpty);
    Pump<Integer> pump = new Pump<>("pump", store, store, ending, System::nanoTime);
    pump.start();
    return pump;
  }

  /** Both ends in memory. */
  private static final class Store
      implements Pump.Source<Integer>, Pump.Session<Integer>, Pump.Sink<Integer> {
    final LinkedBlockingDeque<Integer> entries = new LinkedBlockingDeque<>();
    final List<Integer> delivered = new ArrayList<>();
    final CountDownLatch acknowledged = new CountDownLatch(1);
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    volatile int atOnce = Integer.MAX_VALUE;

    void fill(int first, int last) {
      IntStream.rangeClosed(first, last).forEach(entries::add);
    }

    @Override
    public Pump.Session<Integer> open() {
      opened.incrementAndGet();
      return this;
    }

    @Override
    public long failed(Exception reason) {
      failed.incrementAndGet();
      return 1;
    }

    @Override
    public boolean lease() throws IOException {
      if (failures.getAndDecrement() > 0) {
        throw new IOException("planned");
      }
      return true;
    }

    @Override
    public List<Integer> read() {
      return entries.stream().limit(10).toList();
    }

    @Override
    public boolean keep(List<Integer> batch) {
      return lost.getAndDecrement() <= 0;
    }

    @Override
    public void acknowledge(List<Integer> batch) {
      entries.removeAll(batch);
      acknowledged.countDown();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public int deliver(List<Integer> batch) {
      int count = Math.min(atOnce, batch.size());
      delivered.addAll(batch.subList(0, count));
      return count;
    }
  }

  @Test
  void work_goes_on_after_a_failure_that_it_did_not_foresee() throws InterruptedException {
    CountDownLatch times = new CountDownLatch(3);
    Worker worker =
        new Worker("failing", Duration.ofSeconds(10)) {
          @Override
          protected long work() {
            times.countDown();
            if (times.getCount() == 2) {
              throw new IllegalStateException("planted by the test");
            }
            return 0;
          }
        };
    worker.start();
    assertThat(times.await(10, TimeUnit.SECONDS)).isTrue();
    worker.close();
  }
}
