package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is leaked, how much of it, and that all of it comes back. */
@Timeout(30)
class LeaksTest {
  private static final long MS = 1_000_000;

  @Test
  void memory_is_retained_at_the_rate_from_the_start_on() {
    AtomicLong nowNs = new AtomicLong(-5_000 * MS);
    try (MemoryLeak leak = new MemoryLeak(1_234_567, nowNs::get)) {
      assertThat(leak.grow()).isEqualTo(100 * MS);
      assertThat(leak.retainedBytes()).isZero();
      nowNs.addAndGet(100 * MS);
      leak.grow();
      assertThat(leak.retainedBytes()).isEqualTo(123_456);
      nowNs.addAndGet(2_900 * MS);
      leak.grow();
      assertThat(leak.retainedBytes()).as("also when it was late").isEqualTo(3 * 1_234_567);
    }
  }

  @Test
  void a_long_run_at_a_high_rate_is_exact() {
    AtomicLong nowNs = new AtomicLong();
    try (MemoryLeak leak = new MemoryLeak(1_000, nowNs::get)) {
      nowNs.set(40_000_000_000_000L);
      leak.grow();
      assertThat(leak.retainedBytes()).isEqualTo(40_000_000);
    }
  }

  @Test
  void memory_that_was_given_back_does_not_come_again() {
    AtomicLong nowNs = new AtomicLong();
    MemoryLeak leak = new MemoryLeak(1_000_000, nowNs::get);
    nowNs.set(1_000 * MS);
    leak.grow();
    leak.close();
    leak.grow();
    assertThat(leak.retainedBytes()).isZero();
  }

  @Test
  void when_no_descriptor_can_be_had_a_few_are_given_back_and_no_more_is_taken() {
    AtomicInteger open = new AtomicInteger();
    DescriptorLeak leak = new DescriptorLeak(() -> openOf(open, 100));
    for (int number = 0; number < 200; number++) {
      leak.leak();
    }
    assertThat(open).hasValue(100 - DescriptorLeak.GIVEN_BACK);
    assertThat(leak.count()).isEqualTo(100 - DescriptorLeak.GIVEN_BACK);
    leak.close();
    assertThat(open).hasValue(0);
  }

  @Test
  void a_closed_leak_takes_no_descriptor() {
    AtomicInteger open = new AtomicInteger();
    DescriptorLeak leak = new DescriptorLeak(() -> openOf(open, 100));
    leak.leak();
    leak.close();
    leak.leak();
    assertThat(open).hasValue(0);
  }

  @Test
  void threads_are_bounded_daemons_and_end_with_the_leak() {
    Thread[] threads = new Thread[Thread.activeCount() + 100];
    try (ThreadLeak leak = new ThreadLeak(5)) {
      for (int number = 0; number < 10; number++) {
        leak.leak();
      }
      Thread.enumerate(threads);
      assertThat(threads).filteredOn(LeaksTest::isLeaked).hasSize(5).allMatch(Thread::isDaemon);
    }
    assertThat(threads).filteredOn(LeaksTest::isLeaked).isEmpty();
  }

  private static boolean isLeaked(Thread thread) {
    return thread != null && thread.getName().startsWith(ThreadLeak.NAME) && thread.isAlive();
  }

  private static Closeable openOf(AtomicInteger open, int most) throws IOException {
    if (open.get() == most) {
      throw new IOException("Too many open files");
    }
    open.incrementAndGet();
    return open::decrementAndGet;
  }
}
