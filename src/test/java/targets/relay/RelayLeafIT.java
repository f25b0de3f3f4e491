package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import faults.Direction;
import faults.Fault;
import faults.Reset;
import faults.TcpLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stack.NatsServer;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;
import testing.Await;

/** As in the original's picture: the bridge speaks to a hub, the adapter listens at a leaf node. */
@Timeout(90)
class RelayLeafIT {
  private static final Fault CUT = new Reset(Direction.BOTH);
  private static final Pattern REMOTE = Pattern.compile("nats-leaf://127\\.0\\.0\\.1:(\\d+)");

  @RegisterExtension static final Servers servers = new Servers(true);

  @AutoClose private static TcpLink line;
  private static RunningTarget bridge;
  private static RunningTarget adapter;

  @BeforeAll
  static void start() throws IOException {
    cutLine();
    bridge = servers.bridge(Guarantee.DURABLE, "nats-domain=hub", "lease=500ms");
    adapter = servers.adapter(Guarantee.DURABLE, "nats-domain=hub", "check=300ms");
  }

  /** Leads the leaf to its hub through a line that can be cut, and leaves it no other way. */
  private static void cutLine() throws IOException {
    Matcher remote = REMOTE.matcher(Files.readString(servers.folder().resolve("nats-leaf.conf")));
    assertThat(remote.find()).isTrue();
    String port = remote.group(1);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var hub = new InetSocketAddress(loopback, Integer.parseInt(port));
    line = new TcpLink("leaf", hub, 1, System::nanoTime);
    // The hub advertises an address, to which a leaf reconnects too.
    String advertised =
        "port: " + port + ", advertise: \"127.0.0.1:" + line.address().getPort() + "\"";
    edit("nats.conf", "port: " + port, advertised);
    edit("nats-leaf.conf", ":" + port, ":" + line.address().getPort());
    servers.nats().restart();
    servers.leaf().restart();
  }

  private static void edit(String name, String from, String to) throws IOException {
    Path conf = servers.folder().resolve(name);
    String text = Files.readString(conf);
    assertThat(text).contains(from);
    Files.writeString(conf, text.replace(from, to));
  }

  @Test
  void live_tokens_cross_to_the_leaf_and_the_store_is_read_at_the_hub() throws IOException {
    int before = live();
    long last;
    try (Sse sse = Sse.live(adapter.url(), "crosses")) {
      // A busy adapter reads the first ones at the store.
      last = producer().publishUntil(() -> live() > before, "crosses", 10_000_000);
      assertThat(sse.restOfSequences()).isEqualTo(Sse.range(1, last));
    }
    try (Sse again = Sse.open(adapter.url(), "crosses", last - 1)) {
      again.next();
      assertThat(again.restOfSequences()).containsExactly(last);
    }
  }

  private static int live() {
    return Servers.count(adapter.url(), "messages_delivered")
        - Servers.count(adapter.url(), "tokens_replayed");
  }

  @Test
  void a_line_that_is_cut_in_the_middle_loses_and_repeats_nothing() {
    everyTokenArrivesOnce(
        "cut",
        () -> {
          line.strike(CUT);
          int then = published();
          Await.until(() -> published() >= then + 40); // Meanwhile the store fills at the hub.
          line.heal(CUT);
        });
  }

  @Test
  void while_the_hub_is_out_of_reach_the_adapter_is_not_ready() throws Exception {
    line.strike(CUT);
    Await.until(() -> !Servers.unready(adapter.url()).isEmpty());
    producer().publishAll("meanwhile", 1, 5, 5, 0);
    line.heal(CUT);
    Servers.awaitReady(adapter.url());
    try (Sse sse = Sse.open(adapter.url(), "meanwhile", 0)) {
      assertThat(sse.restOfSequences()).isEqualTo(Sse.range(1, 5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "leaf"})
  void a_killed_server_loses_and_repeats_nothing(String name) {
    NatsServer victim = name.equals("hub") ? servers.nats() : servers.leaf();
    everyTokenArrivesOnce(name, () -> Servers.killAndRestart(victim));
  }

  /** The streams outlive the event: no client has to connect again. */
  private static void everyTokenArrivesOnce(String name, Runnable event) {
    int before = Servers.count(adapter.url(), "total_connections");
    servers.assertEveryTokenArrivesOnce(name, adapter::url, event);
    Servers.await(adapter.url(), "total_connections", before + Servers.CONVERSATIONS);
    Servers.await(adapter.url(), "tokens_missing", 0);
  }

  private static int published() {
    return Servers.count(bridge.url(), "messages_published");
  }

  private static Producer producer() {
    return servers.producer(Guarantee.DURABLE);
  }
}
