package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Real Redis processes, used by Jedis. */
@Timeout(60)
class RedisServerTest {
  private static final int PAUSED_MS = 300;

  @TempDir Path folder;

  @Test
  void answers_a_client_and_is_gone_after_close() throws Exception {
    RedisServer redis = RedisServer.start(folder);
    ProcessHandle process = Processes.of(redis);
    try (Jedis client = new Jedis(redis.url())) {
      assertThat(client.ping()).isEqualTo("PONG");
    }
    assertThat(redis.url()).hasScheme("redis").hasHost("127.0.0.1");
    assertThat(redis.version()).startsWith("Redis server v=6.2");
    assertThat(redis.diedByItself()).isNotDone();

    redis.close();
    redis.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(redis.diedByItself()).isNotDone();
    assertThat(folder.resolve("redis.log")).content().contains("Redis is now ready to exit");
  }

  @Test
  void a_restart_while_it_is_running_stops_it_in_order_first() {
    try (RedisServer redis = RedisServer.start(folder);
        Jedis before = new Jedis(redis.url())) {
      before.set("kept", "1");
      ProcessHandle first = Processes.of(redis);
      URI url = redis.url();

      redis.restart();

      assertThat(first.isAlive()).isFalse();
      assertThat(redis.url()).isEqualTo(url);
      assertThat(redis.diedByItself()).isNotDone();
      try (Jedis after = new Jedis(redis.url())) {
        assertThat(after.get("kept")).isEqualTo("1");
      }
    }
  }

  @Test
  void answers_nothing_while_it_is_paused_and_goes_on_afterwards() {
    try (RedisServer redis = RedisServer.start(folder);
        Jedis patient = new Jedis(redis.url());
        Jedis hasty = new Jedis(redis.url(), PAUSED_MS)) {
      hasty.set("before", "1");
      assertThat(patient.ping()).isEqualTo("PONG");

      redis.pause();
      assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(hasty::ping);
      redis.resume();

      assertThat(patient.get("before")).isEqualTo("1");
    }
  }

  @Test
  void reports_a_kill_from_outside_and_cannot_be_paused_then() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      Processes.of(redis).destroyForcibly();

      assertThat(redis.diedByItself().get(10, TimeUnit.SECONDS)).isEqualTo(137);
      assertThatExceptionOfType(StackFailure.class)
          .isThrownBy(redis::pause)
          .withMessageStartingWith("cannot send SIGSTOP to redis:");
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

      assertThatExceptionOfType(StackFailure.class)
          .isThrownBy(() -> RedisServer.start(folder.resolve("second"), Host.here(), same))
          .withMessageStartingWith("redis ended with exit code 1 instead of getting ready:")
          .withMessageContaining("Address already in use");
    }
  }

  @Test
  void a_folder_that_cannot_be_made_is_named() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(() -> RedisServer.start(file.resolve("inside")))
        .withMessageStartingWith("cannot make the folder " + file.resolve("inside"))
        .withMessageEndingWith("give a writable one");
  }
}
