package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerTest {
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
