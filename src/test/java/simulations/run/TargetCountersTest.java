package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stack.StackFailure;

/** A target whose answers the test decides, request by request. */
class TargetCountersTest {
  private static final String LATE = "late";
  private static final String BROKEN = "[";
  private static final Duration BOUND = Duration.ofSeconds(2);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RunProcesses processes =
      new RunProcesses(Path::of, new RunProcesses.Bundled("64m", BOUND));
  private HttpServer server;
  private IntFunction<String> answer;
  private int requests;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/metrics",
        exchange -> {
          String body = answer.apply(++requests);
          if (body.equals(LATE)) {
            LockSupport.parkNanos(1_200_000_000);
          }
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
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
  void a_target_that_answers_late_once_at_the_start_stays_in_the_run() {
    answer = request -> request == 1 ? LATE : counting(request);
    TargetCounters counters = processes.counters("llm", url());
    TargetCounters.settle(BOUND, List.of(counters), () -> true);

    assertThat(counters.delta("/sent")).isEqualTo(1);
    assertThat(counters.unreadable("/sent")).isEmpty();
    assertThat(processes.sources()).hasSize(2);
  }

  @Test
  void counters_that_are_unreadable_after_the_load_prove_nothing() {
    answer = request -> request == 1 ? counting(request) : BROKEN;
    TargetCounters counters = processes.counters("bridge", url());
    TargetCounters.settle(Duration.ZERO, List.of(counters), () -> true);

    assertThat(counters.unreadable("/sent"))
        .contains("The counters of bridge could not be read after the load.");
  }

  @Test
  void counters_that_are_unreadable_before_the_load_prove_nothing_either() {
    answer = request -> BROKEN;
    TargetCounters counters = processes.counters("llm", url());
    answer = TargetCountersTest::counting;
    TargetCounters.settle(BOUND, List.of(counters), () -> true);

    assertThat(counters.isAnnounced()).isTrue();
    assertThat(counters.unreadable("/sent"))
        .contains("The counters of llm could not be read before the load.");
  }

  @Test
  void settling_reads_again_until_nothing_is_under_way() {
    answer = request -> request == 3 ? BROKEN : counting(request);
    TargetCounters counters = processes.counters("llm", url());
    TargetCounters.settle(BOUND, List.of(counters), () -> counters.value("/sent") >= 3);

    assertThat(counters.value("/sent")).isEqualTo(4);
  }

  @Test
  void a_foreign_service_without_counters_announces_none() {
    answer = request -> "{\"uptime\":1}";

    assertThat(processes.probe("proxy", url()).isAnnounced()).isFalse();
    assertThat(processes.sources()).hasSize(1);
    answer = TargetCountersTest::counting;
    assertThat(processes.probe("proxy", url()).isAnnounced()).isTrue();
    assertThat(processes.sources()).hasSize(2);
  }

  @Test
  void an_address_without_a_listener_is_named_and_its_password_is_not() {
    server.stop(0);
    URI closed = URI.create("http://user:geheim@127.0.0.1:" + server.getAddress().getPort());

    assertThatThrownBy(() -> RunProcesses.reach("-Dproxy.url", closed))
        .isInstanceOf(StackFailure.class)
        .hasMessageStartingWith("-Dproxy.url: nothing answers at http://***@127.0.0.1");
  }

  private static String counting(int request) {
    return "{\"process\":{},\"sent\":" + request + "}";
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }
}
