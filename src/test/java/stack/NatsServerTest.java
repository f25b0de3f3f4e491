package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nats.client.Connection;
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

  @TempDir Path folder;

  @Test
  void messages_pass_from_the_hub_to_the_leaf_and_back() throws Exception {
    try (NatsServer hub = NatsServer.hub(folder);
        NatsServer leaf = NatsServer.leaf(folder, hub);
        Connection atHub = connect(hub.url());
        Connection atLeaf = connect(leaf.url())) {
      assertThat(leaf.url()).isNotEqualTo(hub.url());
      assertThat(isReceived(atHub, atLeaf)).isTrue();
      assertThat(isReceived(atLeaf, atHub)).isTrue();
      assertThat(domain(atHub)).isEqualTo("hub");
      assertThat(domain(atLeaf)).isEqualTo("leaf");
    }
  }

  @Test
  void one_alone_may_have_odd_characters_in_its_folder_and_takes_no_leaf() throws Exception {
    try (NatsServer nats = NatsServer.start(folder.resolve("a \"b\" # $c {d}"));
        Connection client = connect(nats.url())) {
      client
          .jetStreamManagement()
          .addStream(
              StreamConfiguration.builder()
                  .name("KEPT")
                  .subjects("kept.>")
                  .storageType(StorageType.File)
                  .build());
      assertThat(folder.resolve("a \"b\" # $c {d}/nats/jetstream")).isDirectory();
      assertThat(client.getServerInfo().getMaxPayload()).isEqualTo(1 << 20);
      assertThat(nats.version()).startsWith("nats-server: v2.");
      assertThatExceptionOfType(StackFailure.class)
          .isThrownBy(() -> NatsServer.leaf(folder, nats))
          .withMessage("a leaf needs a hub: start that one by NatsServer.hub");
    }
  }

  private static Connection connect(URI url) throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder().server(url.toString()).connectionTimeout(SOON).noReconnect().build());
  }

  private static boolean isReceived(Connection publisher, Connection client) throws Exception {
    Subscription received = client.subscribe("greetings");
    client.flush(SOON);
    // The interest travels to the other server by itself, so it is sent until it is received.
    return Processes.eventually(
        SOON,
        () -> {
          publisher.publish("greetings", new byte[0]);
          return next(received) != null;
        });
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
}
