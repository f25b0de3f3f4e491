package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GeneratorProbeTest {
  private static final long MS = 1_000_000;
  private static final long STALL_NS = 200 * MS;

  private final DefaultEventExecutor loop = new DefaultEventExecutor();
  private final Distribution lag = new Distribution();

  @AfterEach
  void stop_the_loop() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void a_loop_that_stands_still_for_200_ms_shows_about_twenty_late_ticks() throws Exception {
    CountDownLatch ticks = new CountDownLatch(30);
    loop.execute(GeneratorProbeTest::standStill);
    try (GeneratorProbe probe = probe(System::nanoTime, ticks)) {
      assertThat(probe).isNotNull();
      assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
    }

    Histogram values = valuesOnceStopped();
    assertThat(values.getMaxValue()).isBetween(150 * MS, 2_000 * MS);
    assertThat(values.getCountBetweenValues(5 * MS, Distribution.MAX_NS))
        .isGreaterThanOrEqualTo(15);
  }

  @Test
  void every_tick_missed_weighs_with_its_own_lateness() throws Exception {
    CountDownLatch ticks = new CountDownLatch(25);
    // By this clock the first two ticks are punctual, then 210 ms pass at once.
    AtomicInteger reading = new AtomicInteger();
    LongSupplier clock =
        () -> {
          int number = reading.getAndIncrement();
          return number < 3 ? 10L * number * MS : 230 * MS;
        };
    try (GeneratorProbe probe = probe(clock, ticks)) {
      assertThat(probe).isNotNull();
      assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
    }

    Histogram values = valuesOnceStopped();
    assertThat(values.getCountBetweenValues(MS, Distribution.MAX_NS)).isEqualTo(20);
    for (long ms = 10; ms <= 200; ms += 10) {
      assertThat(values.getCountAtValue(ms * MS)).isEqualTo(1);
    }
  }

  @Test
  void nothing_ticks_after_close() throws Exception {
    CountDownLatch ticks = new CountDownLatch(1);
    GeneratorProbe probe = probe(System::nanoTime, ticks);
    assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
    probe.close();
    valuesOnceStopped();
    loop.schedule(() -> {}, 5L * GeneratorProbe.PERIOD_MS, TimeUnit.MILLISECONDS).sync();
    assertThat(lag.rotate().getTotalCount()).isZero();
  }

  private GeneratorProbe probe(LongSupplier clock, CountDownLatch ticks) {
    return new GeneratorProbe(
        List.of(loop),
        clock,
        () -> {
          ticks.countDown();
          return lag;
        });
  }

  /** A tick that was under way when the probe was closed has ended after an empty task. */
  private Histogram valuesOnceStopped() throws InterruptedException {
    loop.submit(() -> {}).sync();
    return lag.rotate();
  }

  private static void standStill() {
    long untilNs = System.nanoTime() + STALL_NS;
    while (System.nanoTime() < untilNs) {
      LockSupport.parkNanos(untilNs - System.nanoTime());
    }
  }
}
