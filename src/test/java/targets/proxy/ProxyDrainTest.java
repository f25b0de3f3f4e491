package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import testing.RawClient;

@Timeout(30)
final class ProxyDrainTest {
  @Test
  void running_streams_end_properly_and_new_requests_are_refused() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ScriptedUpstream.Script script =
        (request, wire) -> {
          wire.beginStream();
          wire.sendChunk("data: a\n\n");
          end.await();
          wire.endStream();
        };
    try (ScriptedUpstream upstream = new ScriptedUpstream(script);
        RunningProxy proxy = RunningProxy.before(upstream, "drain=10s");
        RawClient running = proxy.client().get("/v1/x");
        RawClient idle = proxy.client()) {
      running.head();
      running.read("9\r\ndata: a\n\n\r\n".length());
      CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::stop);
      assertThat(idle.rest()).as("idle connections are closed").isEmpty();
      Assertions.assertThatThrownBy(proxy::client).isInstanceOf(ConnectException.class);
      assertThat(closed).isNotDone();
      end.countDown();
      assertThat(running.rest()).isEqualTo("0\r\n\r\n");
      closed.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void past_the_bound_streams_are_broken_off() throws Exception {
    ScriptedUpstream.Script script =
        (request, wire) -> {
          wire.beginStream();
          wire.in().read();
        };
    try (ScriptedUpstream upstream = new ScriptedUpstream(script);
        RunningProxy proxy = RunningProxy.before(upstream, "drain=50ms");
        RawClient client = proxy.client().get("/v1/x")) {
      client.head();
      proxy.stop();
      assertThat(client.rest()).isIn("", "<reset>");
      proxy.stop();
    }
  }
}
