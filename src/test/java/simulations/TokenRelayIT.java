package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The token relay as a user runs it: smoke profile, real servers, real exit codes. */
class TokenRelayIT {
  private static final Pattern ADAPTER = Pattern.compile("-Dsse\\.url=(\\S+)");

  @NeedsMachine
  @Test
  void the_smoke_run_is_green_and_every_token_is_accounted_for() throws Exception {
    assertAccountedFor("durable");
  }

  @Tag("defects")
  @Test
  void so_it_is_in_core_delivery() throws Exception {
    assertAccountedFor("core");
  }

  private static void assertAccountedFor(String delivery) throws Exception {
    Ended run = SimulationRun.smoke("TokenRelay").with("delivery", delivery).runUntilValid();

    run.assertGreen(
        "tokens_passed_on", "resume_exact", "slow_reader_told", "nats_loss_shown", "clocks_agree");
    assertThat(run.counter("tokens_distinct"))
        .isGreaterThan(1_000)
        .isEqualTo(run.counter("tokens_published"));
    assertThat(run.counter("resumes")).isPositive();
    JsonNode kpis = run.json("kpi.json").path("kpis");
    assertThat(kpis.at("/delivery_lag/count").asLong()).isEqualTo(run.counter("tokens_received"));
    assertThat(kpis.has("hop_redis")).isEqualTo(delivery.equals("durable"));
    assertThat(run.folder().resolve("logs/nats.log")).isNotEmptyFile();
    assertThat(run.folder().resolve("logs/redis")).as("data of servers").doesNotExist();
  }

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
    assertThat(produced.leftBehind()).isEmpty();
  }
}
