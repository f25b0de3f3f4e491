package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import testing.RawClient;
import testing.ScriptedServer.Script;

/** A slow side slows its own other side and no other stream. */
@Timeout(60)
final class ProxyBackpressureTest {
  private static final int CHUNK = 16 * 1024;
  private static final int CHUNKS = 4096;

  @Test
  void a_slow_client_stalls_its_own_upstream_only() throws Exception {
    AtomicLong sent = new AtomicLong();
    Script script =
        (request, wire) -> {
          if (!request.contains("/v1/flood")) {
            wire.sendWhole("quick");
            return;
          }
          wire.beginStream();
          String chunk = "x".repeat(CHUNK);
          for (int number = 0; number < CHUNKS; number++) {
            wire.sendChunk(chunk);
            sent.addAndGet(CHUNK);
          }
          wire.endStream();
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient slow = new RawClient(proxy.port(), 16 * 1024)) {
      slow.get("/v1/flood").head();
      long stalledAt = untilStill(sent);
      assertThat(stalledAt).as("64 MiB are offered").isLessThan(32L * 1024 * 1024);
      assertThat(proxy.counter("buffer_limit_hits")).isPositive();
      assertThat(proxy.get("/v1/quick").body()).isEqualTo("quick");
      long framed = (CHUNK + "4000\r\n\r\n".length()) * (long) CHUNKS + "0\r\n\r\n".length();
      for (long left = framed; left > 0; left -= CHUNK) {
        int part = (int) Math.min(left, CHUNK);
        assertThat(slow.read(part)).hasSize(part);
      }
      proxy.awaitCounters("completed_streams=2");
    }
  }

  @Test
  void a_slow_upstream_stalls_its_client() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Script script =
        (request, wire) -> {
          go.await();
          long got = 0;
          for (int value = wire.in().read(); value != '!'; value = wire.in().read()) {
            got++;
          }
          wire.in().readNBytes("\r\n0\r\n\r\n".length());
          wire.sendWhole(Long.toString(got));
        };
    try (RunningProxy proxy = RunningProxy.before(script);
        RawClient client = proxy.client()) {
      client.send("POST /v1/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      AtomicLong sent = new AtomicLong();
      Thread sender =
          new Thread(
              () -> {
                try {
                  for (int number = 0; number < CHUNKS; number++) {
                    client.send("4000\r\n" + "x".repeat(CHUNK) + "\r\n");
                    sent.addAndGet(CHUNK);
                  }
                  client.send("1\r\n!\r\n0\r\n\r\n");
                } catch (IOException e) {
                  sent.set(-1);
                }
              });
      sender.start();
      assertThat(untilStill(sent)).isBetween(1L, 32L * 1024 * 1024);
      go.countDown();
      assertThat(client.response()).startsWith("HTTP/1.1 200");
      sender.join(5_000);
      assertThat(sent.get()).isEqualTo((long) CHUNK * CHUNKS);
    }
  }

  private static long untilStill(AtomicLong figure) {
    long last = -1;
    while (figure.get() != last || last <= 0) {
      last = figure.get();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    }
    return last;
  }
}
