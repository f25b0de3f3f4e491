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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The two sides of the token relay as commands of their own, and a relay that loses tokens. */
class TokenRelayIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern ADAPTER = Pattern.compile("-Dsse\\.url=(\\S+)");

  @Test
  void producer_and_consumer_meet_as_two_commands() throws Exception {
    Started producer =
        SimulationRun.smoke("TokenRelay")
            .with("mode", "producer")
            .with("await-consumers", "60s")
            .with("conversation-prefix", "two")
            .start();
    Matcher command = ADAPTER.matcher(producer.awaitLine("-Dmode=consumer"));
    assertThat(command.find()).isTrue();
    Ended consumer =
        SimulationRun.smoke("TokenRelay")
            .with("mode", "consumer")
            .with("sse.url", command.group(1))
            .with("conversation-prefix", "two")
            .run();
    Ended produced = producer.await();

    long published = produced.counter("tokens_published");
    assertThat(published).as(produced.output()).isGreaterThan(400);
    assertThat(consumer.counter("tokens_received")).as(consumer.output()).isEqualTo(published);
    assertThat(consumer.outcome("no_token_lost")).isEqualTo("PASS");
    assertThat(consumer.outcome("clocks_agree")).isEqualTo("PASS");
    assertThat(consumer.json("kpi.json").at("/figures/clock_bound/value").asDouble()).isZero();
    assertThat(produced.folder().resolve("logs/nats.log")).isNotEmptyFile();
    assertThat(produced.folder().resolve("logs/redis")).as("data of servers").doesNotExist();
    assertThat(produced.leftBehind()).isEmpty();
  }

  /** Held against a subscriber of NATS of its own. */
  @SuppressWarnings("try") // A connection's close() may be interrupted; then the test fails.
  @Test
  void in_core_delivery_a_killed_bridge_shows_as_exactly_the_tokens_that_were_lost(
      @TempDir Path folder) throws Exception {
    Set<String> passedOn = ConcurrentHashMap.newKeySet();
    try (RedisServer redis = RedisServer.start(folder);
        NatsServer nats = NatsServer.start(folder);
        TargetProcess adapter = Served.start(folder, "relay-adapter", "--nats", "" + nats.url());
        TargetProcess bridge =
            Served.start(
                folder, "relay-bridge", "--redis", "" + redis.url(), "--nats", "" + nats.url());
        Connection observer = Nats.connect(nats.url().toString())) {
      Dispatcher dispatcher = observer.createDispatcher(message -> passedOn.add(place(message)));
      dispatcher.subscribe("chat.*.tokens");
      observer.flush(null);
      Started started =
          SimulationRun.smoke("TokenRelay")
              .with("redis.url", redis.url().toString())
              .with("sse.url", adapter.url().toString())
              // A stall of seconds is what this run is about, so it may take its time.
              .with("delivery=core;warmup=0s;slow-readers=0;resumers=0;timeout=20s")
              .start();
      started.awaitLine(" hold ");
      bridge.kill();
      bridge.restart();
      Ended run = started.await();
      dispatcher.drain(Duration.ZERO).get();

      long lost = run.counter("tokens_lost");
      assertThat(lost)
          .as(run.output())
          .isPositive()
          .isEqualTo(run.counter("tokens_published") - passedOn.size());
      assertThat(run.outcome("no_token_lost")).isEqualTo("FAIL");
      assertThat(run.outcome("no_token_duplicated")).isEqualTo("PASS");
    }
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
