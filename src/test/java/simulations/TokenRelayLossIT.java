package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/**
 * What a run says when a process of the relay is killed under load, held against a subscriber of
 * NATS of its own.
 */
@Timeout(180)
class TokenRelayLossIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  private RedisServer redis;
  private NatsServer nats;
  private TargetProcess bridge;
  private TargetProcess adapter;

  @BeforeEach
  void start() {
    redis = RedisServer.start(folder);
    nats = NatsServer.start(folder);
  }

  @AfterEach
  void stop() {
    adapter.close();
    bridge.close();
    nats.close();
    redis.close();
  }

  @Test
  void in_core_delivery_a_killed_bridge_shows_as_exactly_the_tokens_that_were_lost()
      throws Exception {
    serve("core");
    Set<String> passedOn = ConcurrentHashMap.newKeySet();
    Connection observer = Nats.connect(nats.url().toString());
    try {
      Dispatcher dispatcher = observer.createDispatcher(message -> passedOn.add(place(message)));
      dispatcher.subscribe("chat.*.tokens");
      observer.flush(null);
      Started started = run("core").start();
      started.awaitLine(" hold ");
      bridge.kill();
      bridge = bridge("core");
      Ended run = started.await();
      dispatcher.drain(Duration.ZERO).get();

      long published = run.counter("tokens_published");
      long lost = run.counter("tokens_lost");
      assertThat(lost).as(run.output()).isPositive().isEqualTo(published - passedOn.size());
      assertThat(run.outcome("no_token_lost")).isEqualTo("FAIL");
      assertThat(run.outcome("no_token_duplicated")).isEqualTo("PASS");
    } finally {
      observer.close();
    }
  }

  @Test
  @Tag("defects")
  void in_durable_delivery_nothing_is_lost_with_any_server_killed() throws Exception {
    serve("durable");
    Started started = run("durable").with("duration", "14s").start();
    started.awaitLine(" hold ");
    bridge.kill();
    bridge = bridge("durable");
    nats.kill();
    nats.restart();
    redis.kill();
    redis.restart();
    Ended run = started.await();

    assertThat(run.counter("tokens_published")).as(run.output()).isGreaterThan(500);
    assertThat(run.checks("PASS"))
        .as(run.output())
        .contains(
            "no_token_lost",
            "no_token_duplicated",
            "tokens_in_order",
            "content_matches",
            "tokens_accepted");
    assertThat(run.counter("streams_unterminated"))
        .as("streams without an end are those that began while NATS was away, and got a 503")
        .isEqualTo(run.counter("outcome_limited"));
  }

  /** A stall of seconds is what these runs are about, so it may take its time. */
  private SimulationRun run(String delivery) {
    return SimulationRun.smoke("TokenRelay")
        .with("delivery", delivery)
        .with("redis.url", redis.url().toString())
        .with("sse.url", adapter.url().toString())
        .with("warmup=0s;slow-readers=0;resumers=0;timeout=20s");
  }

  private void serve(String delivery) {
    bridge = bridge(delivery);
    adapter =
        Served.start(
            folder, "relay-adapter", "--delivery", delivery, "--nats", nats.url().toString());
  }

  private TargetProcess bridge(String delivery) {
    String[] options = {
      "--delivery", delivery, "--redis", redis.url().toString(), "--nats", nats.url().toString()
    };
    return Served.start(folder, "relay-bridge", options);
  }

  /** Returns the conversation and the sequence of a token. */
  private static String place(Message message) {
    try {
      JsonNode json = MAPPER.readTree(message.getData());
      return json.path("conversation_id").asText() + " " + json.path("sequence").asLong();
    } catch (IOException e) {
      throw new AssertionError("no token message", e);
    }
  }
}
