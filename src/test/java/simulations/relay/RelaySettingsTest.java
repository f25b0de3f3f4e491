package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.relay.RelaySettings.Delivery;
import simulations.relay.RelaySettings.Mode;
import simulations.run.Options;
import verdict.Threshold;

class RelaySettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, 10, 40, 25, 8, 3",
    "standard, 5, 50, 50, 30, 5",
    "quick, 2, 10, 50, 10, 5",
    "medium, 20, 100, 50, 120, 5",
    "high, 100, 200, 20, 300, 5",
  })
  void profiles_are_pinned(
      String profile, int conversations, int tokens, int delayMs, int durationS, int warmupS) {
    RelaySettings settings = read("profile", profile);
    RelaySettings.Plan plan = settings.plan();
    assertThat(settings.common().warmup()).hasSeconds(warmupS);
    assertThat(plan)
        .isEqualTo(
            new RelaySettings.Plan(
                conversations,
                tokens,
                Duration.ofMillis(delayMs),
                Duration.ofSeconds(2),
                Duration.ofSeconds(durationS),
                Duration.ofSeconds(1)));
    assertThat(plan.hold()).isEqualTo(Duration.ofSeconds(durationS - 2));
  }

  @Test
  void standard_is_the_default_and_its_other_values_are_pinned() {
    RelaySettings settings = read();
    assertThat(settings.plan()).isEqualTo(read("profile", "standard").plan());
    assertThat(settings.mode()).isEqualTo(Mode.BOTH);
    assertThat(settings.delivery()).isEqualTo(Delivery.CORE);
    assertThat(settings.probes()).isEqualTo(new RelaySettings.Probes(10, 1, true));
    assertThat(settings.verifyText()).isTrue();
    assertThat(settings.common().slos().maxNs(Kpi.DELIVERY_LAG)).isEqualTo(250_000_000L);
    assertThat(settings.common().thresholds())
        .extracting(Threshold::checkName)
        .contains("success_rate", "goodput", "delivery_lag_p50", "delivery_lag_p99");
    assertThat(settings.longest()).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(4));
  }

  @Test
  void a_side_alone_has_the_thresholds_of_what_it_measures() {
    RelaySettings producer = read("mode", "producer");
    assertThat(producer.common().thresholds())
        .extracting(Threshold::checkName)
        .contains("publish_lag_p99")
        .doesNotContain("delivery_lag_p99", "goodput");
    assertThat(producer.common().warmup()).isZero();
    assertThat(producer.probes()).isEqualTo(new RelaySettings.Probes(0, 0, false));

    RelaySettings consumer =
        read("mode", "consumer", "sse.url", "http://127.0.0.1:1", "conversation-prefix", "p");
    assertThat(consumer.common().thresholds())
        .extracting(Threshold::checkName)
        .contains("delivery_lag_p99")
        .doesNotContain("publish_lag_p99");
    assertThat(consumer.verifyText()).isFalse();
  }

  @Test
  void a_delay_without_a_unit_is_in_milliseconds() {
    assertThat(read("delay", "7").plan().delay()).isEqualTo(Duration.ofMillis(7));
    assertThat(read("delay", "2s").plan().delay()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void every_wrong_value_is_reported_at_once() {
    List<String> errors =
        Options.errors(
            () ->
                read(
                    "mode", "consumer",
                    "tokens", "0",
                    "delay", "0",
                    "await-consumers", "3s",
                    "conversation-ids", "good,a.b",
                    "target-heap", "large"));
    assertThat(errors)
        .anyMatch(error -> error.startsWith("-Dtokens: '0' is not a whole number from 1"))
        .anyMatch(error -> error.startsWith("-Ddelay: '0' is not a whole number from 1"))
        .anyMatch(error -> error.startsWith("-Dawait-consumers: is for -Dmode=producer"))
        .anyMatch(error -> error.startsWith("-Dconversation-ids: 'a.b' is not 1 to 100 letters"))
        .anyMatch(error -> error.startsWith("-Dsse.url: a consumer needs"))
        .anyMatch(error -> error.startsWith("-Dtarget-heap: 'large' is not a size"))
        .hasSize(6);
  }

  @Test
  void a_relay_of_the_users_own_needs_its_redis_and_takes_no_defect() {
    List<String> errors =
        Options.errors(
            () ->
                read(
                    "sse.url", "http://127.0.0.1:1",
                    "nats.url", "nats://127.0.0.1:2",
                    "bridge.defect", "lost-done"));
    assertThat(errors)
        .anyMatch(error -> error.startsWith("-Dredis.url: name the Redis"))
        .anyMatch(error -> error.startsWith("-Dnats.url: is for the bundled relay"))
        .anyMatch(error -> error.startsWith("-Dbridge.defect: a defect can only be planted"))
        .hasSize(3);
  }

  @Test
  void conversations_are_numbered_the_same_in_every_process() {
    RelaySettings numbered = read("conversations", "3", "conversation-prefix", "p");
    assertThat(numbered.id(0, 0)).contains("p-0");
    assertThat(numbered.id(2, 0)).contains("p-2");
    assertThat(numbered.id(1, 4)).contains("p-13");
    RelaySettings named = read("conversations", "2", "conversation-ids", "a,b,c");
    assertThat(named.id(0, 1)).contains("c");
    assertThat(named.id(1, 1)).isEmpty();
  }

  @Test
  void the_shard_of_an_id_is_its_crc_32_modulo_8() {
    // CRC-32 of "123456789" is cbf43926 (the check value of the catalogue of CRC algorithms).
    assertThat(RedisTokens.shard("123456789")).isEqualTo(0xcbf43926L % 8);
  }

  private static RelaySettings read(String... pairs) {
    return RelaySettings.read(Options.config("token-relay", pairs));
  }
}
