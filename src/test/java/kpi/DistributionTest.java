package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DistributionTest {
  private static final int THREADS = 4;
  private static final int VALUES = 100_000;

  private final Distribution distribution = new Distribution();

  @Test
  void values_below_zero_count_as_zero() {
    distribution.record(-1);
    distribution.record(Long.MIN_VALUE);

    assertThat(distribution.rotate().getCountAtValue(0)).isEqualTo(2);
  }

  @Test
  void values_above_an_hour_count_as_an_hour() {
    distribution.record(Distribution.MAX_NS + 1);
    distribution.record(Long.MAX_VALUE);

    assertThat(distribution.rotate().getCountAtValue(Distribution.MAX_NS)).isEqualTo(2);
  }

  @Test
  void a_rotation_ends_the_interval_and_adds_it_to_the_total() {
    distribution.record(10);
    assertThat(distribution.total().getTotalCount()).isZero();
    assertThat(distribution.rotate().getTotalCount()).isEqualTo(1);
    assertThat(distribution.total().getTotalCount()).isEqualTo(1);

    distribution.record(20);
    distribution.record(30);
    assertThat(distribution.rotate().getTotalCount()).isEqualTo(2);
    assertThat(distribution.total().getTotalCount()).isEqualTo(3);
    assertThat(distribution.total().getMinValue()).isEqualTo(10);

    assertThat(distribution.rotate().getTotalCount()).isZero();
    assertThat(distribution.total().getTotalCount()).isEqualTo(3);
  }

  @Test
  void nothing_is_lost_while_many_threads_record_and_one_rotates() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> recording = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      recording.add(threads.submit(() -> recordAfter(start)));
    }
    threads.shutdown();

    start.countDown();
    long rotated = 0;
    while (!recording.stream().allMatch(Future::isDone)) {
      rotated += distribution.rotate().getTotalCount();
    }
    for (Future<?> each : recording) {
      each.get();
    }
    rotated += distribution.rotate().getTotalCount();

    assertThat(rotated).isEqualTo((long) THREADS * VALUES);
    assertThat(distribution.total().getTotalCount()).isEqualTo(rotated);
  }

  private void recordAfter(CountDownLatch start) {
    try {
      start.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (int value = 0; value < VALUES; value++) {
      distribution.record(value);
    }
  }
}
