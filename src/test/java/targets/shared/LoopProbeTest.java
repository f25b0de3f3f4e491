package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopProbeTest {
  private static final long HELD_NS = TimeUnit.MILLISECONDS.toNanos(60);

  private final Counters counters = new Counters("test_");

  /** Whether a thread waits for a CPU or for something else, the scheduler knows. */
  @Test
  void a_loop_that_is_held_is_counted_with_its_length() throws Exception {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (LoopProbe probe = new LoopProbe(loops, counters, System::nanoTime)) {
      probe.start();
      JsonNode page = page();
      for (int held = 1; held <= 5 || page.get("loop_stalls").asInt() == 0; held++) {
        loops.submit(() -> LockSupport.parkNanos(HELD_NS)).sync();
        loops.schedule(() -> {}, 20, TimeUnit.MILLISECONDS).sync();
        page = page();
        assertThat(page.get("loop_stalls").asInt() + page.get("loop_delays").asInt())
            .isGreaterThanOrEqualTo(held);
      }
      assertThat(page.get("loop_stall_max_ms").asInt()).isGreaterThanOrEqualTo(10);
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private JsonNode page() {
    DefaultHttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, Counters.PATH);
    String json = counters.reply(request).content().toString(StandardCharsets.UTF_8);
    return RunningTarget.json(json);
  }
}
