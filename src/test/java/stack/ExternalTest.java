package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static stack.Processes.assertFails;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** URLs of the user's own, right and wrong ones; PostgreSQL's are in its own test. */
class ExternalTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir Path folder;

  @Test
  void a_redis_is_probed_with_the_credentials_of_its_url() {
    try (RedisServer redis = RedisServer.start(folder);
        Jedis admin = new Jedis(redis.url())) {
      String at = "127.0.0.1:" + redis.url().getPort();
      External.redis("redis.url", "redis://" + at + "/0");
      admin.configSet("requirepass", "se:cr%t");
      External.redis("redis.url", "redis://:se%3Acr%25t@" + at);
      refused(External::redis, "redis://" + at)
          .withMessageStartingWith(
              "the.url=redis://" + at + ": Redis refuses the connection (NOAUTH");
      refused(External::redis, "redis://default:wrong@" + at)
          .withMessageContaining("(WRONGPASS")
          .withMessageContaining("write redis://[user:password@]host")
          .satisfies(e -> assertThat(e).message().doesNotContain("default:wrong"));
    }
  }

  @Test
  void a_nats_server_is_probed_with_the_credentials_of_its_url() throws Exception {
    int port = Server.freePorts(1).get(0);
    String at = "127.0.0.1:" + port;
    String program = NatsProgram.of(Host.here()).find().file().toString();
    Process nats =
        new ProcessBuilder(
                program, "-a", "127.0.0.1", "-p", "" + port, "--user", "ann", "--pass", "pw")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      Probe there = Probe.nats(Server.local("nats", port), Optional.empty());
      while (nats.isAlive() && there.run(SHORT).kind() != Probe.Kind.REFUSED) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      External.nats("nats.url", "nats://ann:pw@" + at);
      // Of several, one is enough.
      External.nats("nats.url", "nats://127.0.0.1:1,nats://ann:pw@" + at);
      refused(External::nats, "nats://ann:secret@" + at)
          .withMessageStartingWith("the.url=nats://" + at + ": NATS refuses the connection (")
          .withMessageContaining("Authorization Violation")
          .satisfies(e -> assertThat(e).message().doesNotContain("secret"));
    } finally {
      nats.destroyForcibly();
    }
  }

  @Test
  void where_nothing_listens_the_ways_out_are_named() {
    String at = "127.0.0.1:" + Server.freePorts(1).get(0);
    String nothing = "nothing answers there (Connection refused)";
    refused(External::redis, "redis://" + at)
        .withMessage(
            "the.url=redis://%s: %s; start Redis there, name another address, or leave the.url out:"
                    .formatted(at, nothing)
                + " then a Redis is started for the run");
    refused(External::redis, "redis://:geheim@" + at)
        .withMessageContaining(nothing)
        .satisfies(e -> assertThat(e).message().doesNotContain("geheim"));
    refused(External::nats, "nats://" + at).withMessageContaining(nothing);
    refused(External::postgres, "jdbc:postgresql://" + at + "/x")
        .withMessageContaining("nothing answers there");
    refused(External::redis, "redis://no-such-host.invalid")
        .withMessageContaining("nothing answers there (unknown host)");
  }

  @Test
  void another_kind_of_server_is_reported_as_such() throws Exception {
    try (Other http = new Other("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      refused(External::redis, "redis://" + http.at())
          .withMessageContaining("this is not a Redis server (Unknown reply: H)");
      refused(External::nats, "nats://" + http.at())
          .withMessageContaining("this is not a NATS server (");
      refused(External::redis, "rediss://" + http.at())
          .withMessageContaining("this is not a Redis server (Unsupported or unrecognized SSL");
      refused(External::postgres, "jdbc:postgresql://" + http.at() + "/x")
          .withMessageContaining("this is not a PostgreSQL server");
    }
  }

  @Test
  void a_silent_server_is_given_up_after_the_bound() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      int port = silent.getLocalPort();
      Probe.Answer redis =
          Probe.redis(Server.local("redis", port), OptionalLong.empty()).run(SHORT);
      Probe.Answer nats = Probe.nats(Server.local("nats", port), Optional.empty()).run(SHORT);
      assertThat(List.of(redis.kind(), nats.kind())).containsOnly(Probe.Kind.NOT_THIS_SERVER);
      assertThat(redis.reason()).contains("timed out");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost:6379", "http://localhost", "redis://", "redis://a b", "redis:x"})
  void a_malformed_address_is_refused_with_the_right_form(String url) {
    refused(External::redis, url)
        .withMessage(
            "the.url: this is not a Redis address; write"
                + " redis://[user:password@]host[:6379][/database], or rediss:// for TLS");
  }

  @Test
  void addresses_of_the_others_are_checked_in_the_same_way() {
    for (String url : List.of("nats://a,redis://b", ",")) {
      refused(External::nats, url)
          .withMessageStartingWith("the.url: this is not a NATS address; write nats://");
    }
    refused(External::postgres, "postgres://a/b")
        .withMessageStartingWith("the.url: this is not a PostgreSQL address; write jdbc:");
  }

  private static ThrowableAssertAlternative<StackFailure> refused(
      BiConsumer<String, String> server, String url) {
    return assertFails(() -> server.accept("the.url", url));
  }

  /** Sends the same to every client, and hangs up. */
  private static final class Other implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0);

    Other(String words) throws IOException {
      new Thread(() -> speak(words.getBytes(StandardCharsets.UTF_8)), "other").start();
    }

    String at() {
      return "127.0.0.1:" + socket.getLocalPort();
    }

    private void speak(byte[] words) {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          client.getOutputStream().write(words);
          client.shutdownOutput();
          client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
          // The client hung up, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
