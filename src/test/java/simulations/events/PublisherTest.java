package simulations.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that takes requests at the same time, and whose first answer is a while in coming. */
class PublisherTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
  private final CountDownLatch second = new CountDownLatch(2);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger openMax = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          openMax.accumulateAndGet(open.incrementAndGet(), Math::max);
          second.countDown();
          byte[] body = exchange.getRequestBody().readAllBytes();
          awaitSecond();
          taken.add(new String(body, StandardCharsets.UTF_8).replaceFirst(" .*", ""));
          open.decrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void an_event_is_sent_when_the_one_before_it_was_taken() throws Exception {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
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

  /** Long enough for two more events to come due. */
  private void awaitSecond() {
    try {
      var unused = second.await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
