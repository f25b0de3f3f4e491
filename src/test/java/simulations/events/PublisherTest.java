package simulations.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import testing.ScriptedServer;

/** A server that takes requests at the same time, and whose first answer is a while in coming. */
class PublisherTest {
  private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
  private final CountDownLatch second = new CountDownLatch(2);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger openMax = new AtomicInteger();

  @AutoClose
  private final ScriptedServer server =
      new ScriptedServer(
          (request, wire) -> {
            openMax.accumulateAndGet(open.incrementAndGet(), Math::max);
            second.countDown();
            // Long enough for two more events to come due.
            var unused = second.await(200, TimeUnit.MILLISECONDS);
            taken.add(request.replaceFirst("(?s).*\r\n\r\n", "").replaceFirst(" .*", ""));
            open.decrementAndGet();
            wire.answer("204 No Content", "");
          });

  @Test
  void an_event_is_sent_when_the_one_before_it_was_taken() throws Exception {
    URI url = URI.create(server.url() + "/");
    Duration interval = Duration.ofMillis(10);
    Publisher publisher =
        new Publisher(
            url, 3, interval, () -> true, Duration.ZERO, System::nanoTime, new HashSet<>());
    publisher.run();

    for (int number = 1; number <= 3; number++) {
      assertThat(taken.poll()).isEqualTo("event-" + number);
    }
    assertThat(publisher.accepted()).hasSize(3);
    assertThat(openMax).hasValue(1);
  }
}
