package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SideWorkTest {
  private static final int STUCK = 200;

  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger interrupted = new AtomicInteger();

  /** With a bound for each it would take 100 s. */
  @Test
  @Timeout(60)
  void all_work_shares_one_bound_and_is_interrupted_after_it() {
    SideWork work = new SideWork("stuck", Collections.nCopies(STUCK, this::waits));
    work.begin();
    work.end(Duration.ofMillis(500));
    assertThat(interrupted).hasValue(STUCK);
  }

  private void waits() {
    try {
      never.await();
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
    }
  }
}
