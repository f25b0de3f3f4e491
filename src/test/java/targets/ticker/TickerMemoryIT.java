package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import stack.TargetProcess;
import targets.shared.Backends;
import testing.RawWebSocket;

/** What a connection costs. */
@Timeout(180)
class TickerMemoryIT {
  private static final int CONNECTIONS = 1_000;

  /** More than twice of what was measured, see docs/BENCHMARKS.md. */
  private static final long BYTES_MAX = 4_000;

  @TempDir static Path folder;

  @Test
  void an_idle_connection_costs_less_than_4_kb_of_heap() throws Exception {
    List<RawWebSocket> clients = new ArrayList<>();
    try (NatsServer nats = NatsServer.start(folder);
        TargetProcess ticker = launch(nats).awaitReady()) {
      open(ticker, clients, 100); // So that everything is loaded that connections need.
      long before = liveHeapBytes(ticker, 100);
      open(ticker, clients, CONNECTIONS);
      long after = liveHeapBytes(ticker, CONNECTIONS);
      assertThat((after - before) / (CONNECTIONS - 100)).isLessThan(BYTES_MAX);
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  private static TargetProcess launch(NatsServer nats) {
    return TargetProcess.launch(
        new TargetProcess.Spec(
            "ticker",
            List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of("--nats", nats.url().toString(), "--drain", "0s"),
            folder.resolve("ticker.log")));
  }

  private static void open(TargetProcess ticker, List<RawWebSocket> clients, int count)
      throws IOException {
    while (clients.size() < count) {
      RawWebSocket client = RawWebSocket.open(ticker.url().getPort());
      clients.add(client);
      assertThat(client.upgrade(RunningTicker.token("user-" + clients.size()))).contains(" 101 ");
    }
  }

  /** Returns the heap after a full collection, once the ticker has so many connections. */
  private static long liveHeapBytes(TargetProcess ticker, int connections) {
    Backends.await(ticker.url(), "active_connections", connections);
    return ticker.liveHeapBytes().orElseThrow();
  }
}
