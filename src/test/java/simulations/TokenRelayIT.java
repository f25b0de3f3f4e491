package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import testing.NeedsMachine;
import testing.SharesMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The token relay as a user runs it: smoke profile, real servers, real exit codes. */
class TokenRelayIT {
  private static final String SIMULATION = "simulations.TokenRelaySimulation";
  private static final Pattern ADAPTER = Pattern.compile("-Dsse\\.url=(\\S+)");

  @NeedsMachine
  @ParameterizedTest
  @ValueSource(strings = {"core", "durable"})
  void the_smoke_run_is_green_and_every_token_is_accounted_for(String delivery) throws Exception {
    Ended run = SimulationRun.smoke(SIMULATION).with("delivery", delivery).runUntilValid();

    assertThat(run.verdict()).as(run.output()).isEqualTo("PASS");
    assertThat(run.exitCode()).isZero();
    JsonNode counters = run.json("kpi.json").path("counters");
    assertThat(counters.path("tokens_published").asLong()).isGreaterThan(1_000);
    assertThat(counters.path("tokens_distinct").asLong())
        .isEqualTo(counters.path("tokens_published").asLong());
    assertThat(counters.path("resumes").asLong()).isPositive();
    for (String check :
        new String[] {
          "tokens_passed_on", "resume_exact", "slow_reader_told", "nats_loss_shown", "clocks_agree"
        }) {
      assertThat(run.outcome(check)).as(check).isEqualTo("PASS");
    }
    JsonNode kpis = run.json("kpi.json").path("kpis");
    assertThat(kpis.at("/delivery_lag/count").asLong())
        .isEqualTo(counters.path("tokens_received").asLong());
    assertThat(kpis.has("hop_redis")).isEqualTo(delivery.equals("durable"));
    assertThat(run.folder().resolve("logs/nats.log")).isNotEmptyFile();
    assertThat(run.folder().resolve("logs/redis")).as("data of servers").doesNotExist();
    assertThat(run.leftBehind()).isEmpty();
    assertThat(run.output()).doesNotContain("Exception");
  }

  @SharesMachine
  @ParameterizedTest(name = "{0} turns {1} red")
  @CsvSource({
    "'bridge.defect=lost-done,adapter.defect=reorder', 'streams_terminated,tokens_in_order'",
    "'adapter.defect=drop-when-full;off-by-one-resume;silent-nats-down',"
        + "'slow_reader_told,resume_exact,nats_loss_shown'",
    "'adapter.defect=subscribe-race;duplicate-on-reconnect',"
        + "'no_token_lost,no_token_duplicated'",
  })
  void planted_mistakes_turn_named_checks_red(String defects, String checks) throws Exception {
    assertCaught(defects, checks);
  }

  @SharesMachine
  @ParameterizedTest(name = "{0} alone turns {1} red")
  @Tag("defects")
  @CsvSource({
    "bridge.defect=lost-done,               streams_terminated",
    "bridge.defect=silent-nats-down,        nats_loss_shown",
    "adapter.defect=silent-nats-down,       nats_loss_shown",
    "adapter.defect=drop-when-full,         slow_reader_told",
    "adapter.defect=off-by-one-resume,      resume_exact",
    "adapter.defect=subscribe-race,         no_token_lost",
    "adapter.defect=duplicate-on-reconnect, no_token_duplicated",
    "adapter.defect=reorder,                tokens_in_order",
  })
  void each_does_so_alone(String defect, String check) throws Exception {
    assertCaught(defect, check);
  }

  /** Invariants are judged in every run, also in one that a busy machine makes invalid. */
  private static void assertCaught(String defects, String checks) throws Exception {
    SimulationRun planted =
        SimulationRun.smoke(SIMULATION)
            .with("warmup", "0s")
            .with("duration", "5s")
            .with("timeout", "2s");
    for (String defect : defects.split(",", -1)) {
      String[] words = defect.split("=", 2);
      planted.with(words[0], words[1].replace(';', ','));
    }
    Ended run = planted.run();
    for (String check : checks.split(",", -1)) {
      assertThat(run.outcome(check)).as(check + "\n" + run.output()).isEqualTo("FAIL");
    }
    assertThat(run.exitCode()).as("Gatling's exit code for failed assertions").isEqualTo(2);
  }

  @SharesMachine
  @Test
  void producer_and_consumer_meet_as_two_commands() throws Exception {
    Started producer =
        SimulationRun.smoke(SIMULATION)
            .with("mode", "producer")
            .with("await-consumers", "60s")
            .with("conversation-prefix", "two")
            .start();
    Matcher command = ADAPTER.matcher(producer.awaitLine("-Dmode=consumer"));
    assertThat(command.find()).isTrue();
    Ended consumer =
        SimulationRun.smoke(SIMULATION)
            .with("mode", "consumer")
            .with("sse.url", command.group(1))
            .with("conversation-prefix", "two")
            .run();
    Ended produced = producer.await();

    long published = counter(produced, "tokens_published");
    assertThat(published).as(produced.output()).isGreaterThan(400);
    assertThat(counter(consumer, "tokens_received")).as(consumer.output()).isEqualTo(published);
    assertThat(consumer.outcome("no_token_lost")).isEqualTo("PASS");
    assertThat(consumer.outcome("clocks_agree")).isEqualTo("PASS");
    assertThat(consumer.json("kpi.json").at("/figures/clock_bound/value").asDouble()).isZero();
    assertThat(produced.leftBehind()).isEmpty();
  }

  @SharesMachine
  @Test
  void every_wrong_option_is_named_before_anything_starts() throws Exception {
    Ended run =
        SimulationRun.smoke(SIMULATION)
            .with("mode", "consumer")
            .with("delivery", "sometimes")
            .with("delay", "5 apples")
            .with("conversation-ids", "a b")
            .with("slos", "delivery_lag.p99 < 1 s")
            .with("nats.url", "nats://127.0.0.1:1")
            .run();
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.output())
        .contains("-Ddelivery: 'sometimes' is unknown; choose one of core, durable")
        .contains("-Ddelay: '5 apples' is not a length of time")
        .contains("-Dconversation-ids: 'a b'")
        .contains("-Dslos: 'delivery_lag.p99 < 1 s' is not a limit of a single conversation")
        .contains("-Dsse.url: a consumer needs the address")
        .doesNotContain("at io.gatling")
        .doesNotContain("listening");
  }

  @SharesMachine
  @Test
  void a_server_that_is_not_there_is_named_and_its_password_is_not() throws Exception {
    Ended run =
        SimulationRun.smoke(SIMULATION).with("redis.url", "redis://:geheim@127.0.0.1:1").run();
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.output()).contains("-Dredis.url").contains("nothing answers");
    assertThat(run.output()).doesNotContain("geheim");
    assertThat(run.leftBehind()).isEmpty();
  }

  private static long counter(Ended run, String name) throws IOException {
    return run.json("kpi.json").path("counters").path(name).asLong();
  }
}
