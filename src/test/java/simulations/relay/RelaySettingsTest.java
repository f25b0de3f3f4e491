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
  void every_wrong_value_is_reported_at_once() {
    assertThat(
            wrong(
                "mode", "consumer",
                "tokens", "0",
                "delay", "0",
                "await-consumers", "3s",
                "conversation-ids", "good,a.b",
                "target-heap", "large"))
        .containsExactlyInAnyOrder(
            "-Dtokens",
            "-Ddelay",
            "-Dawait-consumers",
            "-Dconversation-ids",
            "-Dsse.url",
            "-Dtarget-heap");
  }

  @Test
  void a_relay_of_the_users_own_needs_its_redis_and_takes_no_defect() {
    assertThat(
            wrong(
                "sse.url", "http://127.0.0.1:1",
                "nats.url", "nats://127.0.0.1:2",
                "bridge.defect", "lost-done"))
        .containsExactlyInAnyOrder("-Dredis.url", "-Dnats.url", "-Dbridge.defect");
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

  /** The options that are named by an error, one for each error. */
  private static List<String> wrong(String... pairs) {
    return Options.errors(() -> read(pairs)).stream()
        .map(error -> error.substring(0, error.indexOf(':')))
        .toList();
  }

  private static RelaySettings read(String... pairs) {
    return RelaySettings.read(Options.config("token-relay", pairs));
  }
}
