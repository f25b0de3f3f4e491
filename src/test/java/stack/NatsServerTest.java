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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real nats-server processes, used by jnats. */
@Timeout(120)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class NatsServerTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int MESSAGES = 500;

  @TempDir Path folder;

  @Test
  void keeps_every_acknowledged_message_over_kill_and_restart() throws Exception {
    try (NatsServer nats = NatsServer.start(folder)) {
      URI url = nats.url();
      try (Connection client = connect(url)) {
        addStream(client);
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
  void messages_pass_from_the_hub_to_the_leaf_and_back() throws Exception {
    try (NatsServer hub = NatsServer.hub(folder);
        NatsServer leaf = NatsServer.leaf(folder, hub);
        Connection atHub = connect(hub.url());
        Connection atLeaf = connect(leaf.url())) {
      assertThat(leaf.url()).isNotEqualTo(hub.url());
      assertThat(receivedFrom(atHub, atLeaf)).isEqualTo("hello");
      assertThat(receivedFrom(atLeaf, atHub)).isEqualTo("hello");
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
      assertThat(Processes.eventually(SOON, () -> connected.run(SOON).isReady())).isTrue();
      try (Connection atHub = connect(hub.url());
          Connection atLeaf = connect(leaf.url())) {
        assertThat(receivedFrom(atHub, atLeaf)).isEqualTo("hello");
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
  void the_folder_may_have_odd_characters_in_its_name() throws Exception {
    try (NatsServer nats = NatsServer.start(folder.resolve("a \"b\" # $c {d}"));
        Connection client = connect(nats.url())) {
      addStream(client);
      assertThat(messages(client)).isZero();
      assertThat(client.getServerInfo().getMaxPayload()).isEqualTo(1 << 20);
      assertThat(nats.version()).startsWith("nats-server: v2.");
    }
  }

  private static Connection connect(URI url) throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder().server(url.toString()).connectionTimeout(SOON).noReconnect().build());
  }

  private static String receivedFrom(Connection speaker, Connection listener) throws Exception {
    Subscription received = listener.subscribe("greetings");
    listener.flush(SOON);
    // The interest travels to the other server by itself, so it is sent until it is received.
    boolean arrived =
        Processes.eventually(
            SOON,
            () -> {
              speaker.publish("greetings", "hello".getBytes(UTF_8));
              return next(received) != null;
            });
    return arrived ? "hello" : "nothing";
  }

  private static Message next(Subscription received) {
    try {
      return received.nextMessage(SHORT);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String domain(Connection client) throws IOException, JetStreamApiException {
    return client.jetStreamManagement().getAccountStatistics().getDomain();
  }

  private static void addStream(Connection client) throws IOException, JetStreamApiException {
    client
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name("KEPT")
                .subjects("kept.>")
                .storageType(StorageType.File)
                .build());
  }

  private static long messages(Connection client) throws IOException, JetStreamApiException {
    return client.jetStreamManagement().getStreamInfo("KEPT").getStreamState().getMsgCount();
  }
}
