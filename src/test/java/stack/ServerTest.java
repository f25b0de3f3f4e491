package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static stack.Processes.assertFails;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import testing.Await;
import testing.ScriptedServer;

/** Real Redis and nats-server processes, used by Jedis and jnats; peers, where installed. */
@Timeout(120)
@SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
class ServerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path folder;

  @Test
  void a_running_redis_is_restarted_in_order_with_its_data_and_is_gone_after_close() {
    RedisServer redis = RedisServer.start(folder);
    ProcessHandle first = Processes.of(redis);
    URI url = redis.url();
    try (Jedis before = new Jedis(url)) {
      before.set("kept", "1");
    }
    assertThat(url).hasScheme("redis").hasHost("127.0.0.1");
    assertThat(redis.version()).startsWith("Redis server v=6.2");
    redis.restart();
    assertThat(first.isAlive()).isFalse();
    assertThat(redis.url()).isEqualTo(url);
    try (Jedis after = new Jedis(url)) {
      assertThat(after.get("kept")).isEqualTo("1");
    }
    ProcessHandle second = Processes.of(redis);
    redis.close();
    redis.close();
    assertThat(second.isAlive()).isFalse();
    assertThat(redis.diedByItself()).isNotDone();
    assertThat(folder.resolve("redis.log")).content().contains("Redis is now ready to exit");
  }

  @Test
  void reports_a_kill_from_outside_and_cannot_be_paused_then() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      Processes.of(redis).destroyForcibly();
      assertThat(redis.diedByItself().get(10, TimeUnit.SECONDS)).isEqualTo(137);
      assertFails(redis::pause).withMessageStartingWith("cannot send SIGSTOP to redis:");
    }
  }

  @Test
  void a_port_that_was_taken_meanwhile_is_tried_no_further() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int free = Server.freePorts(1).get(0);
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free).iterator();
      try (RedisServer redis = RedisServer.start(folder, Host.here(), ports::next);
          Jedis client = new Jedis(redis.url())) {
        assertThat(redis.url()).hasPort(free);
        assertThat(client.ping()).isEqualTo("PONG");
      }
    }
  }

  @Test
  void another_redis_at_the_same_port_is_not_taken_for_this_one() {
    try (RedisServer first = RedisServer.start(folder.resolve("first"))) {
      IntSupplier same = first.url()::getPort;
      assertFails(() -> RedisServer.start(folder.resolve("second"), Host.here(), same))
          .withMessageStartingWith("redis ended with exit code 1 instead of getting ready:")
          .withMessageContaining("Address already in use");
    }
  }

  @Test
  void a_folder_that_cannot_be_made_is_named() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertFails(() -> RedisServer.start(file.resolve("inside")))
        .withMessageStartingWith("cannot make the folder " + file.resolve("inside"))
        .withMessageEndingWith("give a writable one");
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
      assertFails(() -> NatsServer.leaf(folder, nats))
          .withMessage("a leaf needs a hub: start that one by NatsServer.hub");
    }
  }

  /** Needs root, and in a container the right to mount. */
  @Test
  void a_server_on_a_full_disk_goes_on_once_there_is_space_or_starts_again_if_it_ended()
      throws IOException {
    Path data = folder.resolve("redis");
    assumeThatCode(() -> SmallDisk.at(data).close()).doesNotThrowAnyException();
    SmallDisk disk = SmallDisk.at(data);
    try (RedisServer redis = RedisServer.start(folder);
        Jedis client = new Jedis(redis.url())) {
      long first = redis.pid();
      disk.fill();
      Await.until(() -> !isWritten(client));
      disk.free();
      redis.recover();
      Await.until(() -> isWritten(client));
      assertThat(redis.pid()).isEqualTo(first);
      redis.kill();
      redis.recover();
      assertThat(redis.pid()).isNotEqualTo(first);
    } finally {
      disk.close();
      disk.close();
    }
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void a_nats_server_whose_disk_was_full_recovers_with_its_streams() throws Exception {
    Path data = folder.resolve("nats");
    assumeThatCode(() -> SmallDisk.at(data).close()).doesNotThrowAnyException();
    try (SmallDisk disk = SmallDisk.at(data);
        NatsServer nats = NatsServer.start(folder)) {
      try (Connection client = connect(nats.url())) {
        client
            .jetStreamManagement()
            .addStream(StreamConfiguration.builder().name("KEPT").subjects("kept").build());
        disk.fill();
        Await.until(() -> sequence(client) == 0);
      }
      disk.free();
      nats.recover();
      try (Connection client = connect(nats.url())) {
        Await.until(() -> sequence(client) > 0);
      }
    }
  }

  private static boolean isWritten(Jedis client) {
    try {
      return client.set("some", "thing").equals("OK");
    } catch (JedisDataException e) {
      return false;
    }
  }

  @Test
  void a_stream_with_replicas_goes_on_without_a_node_which_catches_up() throws Exception {
    List<NatsServer> nodes = new ArrayList<>();
    try {
      while (nodes.size() < NatsServer.NODES) {
        nodes.add(NatsServer.node(folder, nodes));
      }
      try (Connection client = connect(nodes.get(0).url())) {
        client
            .jetStreamManagement()
            .addStream(
                StreamConfiguration.builder().name("KEPT").subjects("kept").replicas(3).build());
        client.jetStream().publish("kept", new byte[0]);
      }
      nodes.get(0).kill();
      try (Connection client = connect(nodes.get(1).url())) {
        Await.until(() -> sequence(client) > 1);
      }
      nodes.get(0).restart();
      nodes.get(1).kill();
      try (Connection client = connect(nodes.get(0).url())) {
        Await.until(() -> sequence(client) > 2);
      }
    } finally {
      nodes.forEach(NatsServer::discard);
    }
  }

  /** Returns the place of one more message in the stream; 0 while there is no leader. */
  private static long sequence(Connection client) {
    try {
      return client.jetStream().publish("kept", new byte[0]).getSeqno();
    } catch (IOException | JetStreamApiException e) {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "HAPROXY"})
  void a_proxy_passes_requests_on_and_leaves_no_process(Peer.Kind kind) throws Exception {
    assumeThat(kind.isInstalled()).as(kind.word() + " is installed").isTrue();
    List<ProcessHandle> all = new ArrayList<>();
    try (ScriptedServer server =
        new ScriptedServer((request, wire) -> wire.sendWhole(request.split(" ", 3)[1]))) {
      URI upstream = URI.create(server.url());
      try (Peer peer = Peer.proxy(kind, List.of(upstream), 10, folder)) {
        assertThat(Probe.get(peer.url().resolve("/some/path"), SOON).body())
            .isEqualTo("/some/path");
        assertThat(peer.version()).containsIgnoringCase(kind.word());
        all.addAll(Processes.family(peer));
        peer.restart();
        assertThat(Probe.get(peer.url().resolve("/again"), SOON).body()).isEqualTo("/again");
        all.addAll(Processes.family(peer));
        peer.discard();
      }
      assertThat(all).noneMatch(ProcessHandle::isAlive);
      assertThat(folder.resolve(kind.word() + ".conf"))
          .as("kept for the reader of the run")
          .content()
          .contains(upstream.getAuthority());
    }
  }

  private static Connection connect(URI url) throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder().server(url.toString()).connectionTimeout(SOON).noReconnect().build());
  }
}
