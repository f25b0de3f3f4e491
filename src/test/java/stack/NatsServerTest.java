package stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real nats-server processes, asked by jnats. */
@Timeout(120)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class NatsServerTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int MESSAGES = 500;

  @TempDir Path folder;

  @Test
  void carries_messages_and_is_gone_after_close() throws Exception {
    NatsServer nats = NatsServer.start(folder);
    ProcessHandle process = Processes.of(nats);
    try (Connection client = connect(nats.url())) {
      Subscription heard = client.subscribe("greetings");
      client.flush(SOON);
      client.publish("greetings", "hello".getBytes(UTF_8));

      assertThat(new String(heard.nextMessage(SOON).getData(), UTF_8)).isEqualTo("hello");
      assertThat(client.getServerInfo().getMaxPayload()).isEqualTo(1 << 20);
    }
    assertThat(nats.version()).startsWith("nats-server: v2.");

    nats.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(nats.diedByItself()).isNotDone();
    assertThat(folder.resolve("nats.log")).content().contains("Server is ready");
  }

  @Test
  void keeps_every_acknowledged_message_over_kill_and_restart() throws Exception {
    try (NatsServer nats = NatsServer.start(folder)) {
      URI url = nats.url();
      try (Connection client = connect(url)) {
        addStream(client, StorageType.File);
        JetStream stream = client.jetStream();
        for (int i = 0; i < MESSAGES; i++) {
          stream.publish("kept.messages", Integer.toString(i).getBytes(UTF_8));
        }
        nats.kill();
      }

      nats.restart();

      assertThat(nats.url()).isEqualTo(url);
      try (Connection client = connect(url)) {
        assertThat(messages(client)).isEqualTo(MESSAGES);
      }
    }
    assertThat(folder.resolve("nats").resolve("jetstream")).isDirectory();
  }

  @Test
  void answers_nothing_while_it_is_paused_and_goes_on_afterwards() throws Exception {
    try (NatsServer nats = NatsServer.start(folder);
        Connection client = connect(nats.url())) {
      Subscription heard = client.subscribe("greetings");
      client.flush(SOON);

      nats.pause();
      client.publish("greetings", "hello".getBytes(UTF_8));
      assertThat(heard.nextMessage(SHORT)).isNull();
      nats.resume();

      assertThat(heard.nextMessage(SOON)).isNotNull();
    }
  }

  @Test
  void what_is_published_at_the_hub_is_heard_at_the_leaf_and_the_other_way_round()
      throws Exception {
    try (NatsServer hub = NatsServer.hub(folder);
        NatsServer leaf = NatsServer.leaf(folder, hub);
        Connection atHub = connect(hub.url());
        Connection atLeaf = connect(leaf.url())) {
      assertThat(leaf.url()).isNotEqualTo(hub.url());
      assertThat(heardFrom(atHub, atLeaf)).isEqualTo("hello");
      assertThat(heardFrom(atLeaf, atHub)).isEqualTo("hello");
      assertThat(domain(atHub)).isEqualTo("hub");
      assertThat(domain(atLeaf)).isEqualTo("leaf");
    }
  }

  @Test
  void a_leaf_finds_its_hub_again_after_the_hub_was_killed() throws Exception {
    try (NatsServer hub = NatsServer.hub(folder);
        NatsServer leaf = NatsServer.leaf(folder, hub)) {
      hub.kill();
      hub.restart();

      Probe connected = NatsServer.linked(leaf.monitorUrl());
      assertThat(Eventually.holds(SOON, () -> connected.run(SOON).isReady())).isTrue();
      try (Connection atHub = connect(hub.url());
          Connection atLeaf = connect(leaf.url())) {
        assertThat(heardFrom(atHub, atLeaf)).isEqualTo("hello");
      }
    }
  }

  @Test
  void a_leaf_needs_a_hub() {
    try (NatsServer alone = NatsServer.start(folder)) {
      assertThatExceptionOfType(StackFailure.class)
          .isThrownBy(() -> NatsServer.leaf(folder, alone))
          .withMessage("a leaf needs a hub: start that one by NatsServer.hub");
    }
  }

  @Test
  void a_leaf_without_its_hub_is_not_ready() throws Exception {
    try (NatsServer hub = NatsServer.hub(folder);
        NatsServer leaf = NatsServer.leaf(folder, hub)) {
      hub.kill();

      Probe connected = NatsServer.linked(leaf.monitorUrl());
      assertThat(Eventually.holds(SOON, () -> !connected.run(SOON).isReady())).isTrue();
      assertThat(connected.run(SOON).reason()).isEqualTo("it is not connected to its hub");
    }
  }

  @Test
  void a_port_that_was_taken_meanwhile_is_tried_no_further() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      List<Integer> free = Ports.FREE.take(5);
      Iterator<List<Integer>> ports =
          List.of(List.of(taken.getLocalPort(), free.get(0), free.get(1)), free.subList(2, 5))
              .iterator();
      NatsProgram program = NatsProgram.of(Host.here());

      try (NatsServer nats = NatsServer.start(folder, program, count -> ports.next())) {
        assertThat(nats.url()).hasPort(free.get(2));
      }
    }
  }

  @Test
  void the_folder_may_have_odd_characters_in_its_name() throws Exception {
    try (NatsServer nats = NatsServer.start(folder.resolve("a \"b\" # $c {d}"));
        Connection client = connect(nats.url())) {
      addStream(client, StorageType.File);
      assertThat(messages(client)).isZero();
    }
  }

  private static Connection connect(URI url) throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder().server(url.toString()).connectionTimeout(SOON).noReconnect().build());
  }

  private static String heardFrom(Connection speaker, Connection listener) throws Exception {
    Subscription heard = listener.subscribe("greetings");
    listener.flush(SOON);
    // The interest travels to the other server by itself, so say it until it is heard.
    boolean arrived =
        Eventually.holds(
            SOON,
            () -> {
              speaker.publish("greetings", "hello".getBytes(UTF_8));
              return next(heard) != null;
            });
    return arrived ? "hello" : "nothing";
  }

  private static Message next(Subscription heard) {
    try {
      return heard.nextMessage(SHORT);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String domain(Connection client) throws IOException, JetStreamApiException {
    return client.jetStreamManagement().getAccountStatistics().getDomain();
  }

  private static void addStream(Connection client, StorageType storage)
      throws IOException, JetStreamApiException {
    client
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name("KEPT")
                .subjects("kept.>")
                .storageType(storage)
                .build());
  }

  private static long messages(Connection client) throws IOException, JetStreamApiException {
    return client.jetStreamManagement().getStreamInfo("KEPT").getStreamState().getMsgCount();
  }
}
