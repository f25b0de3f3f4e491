package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import verdict.Threshold;

class RelaySettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, 3, '10, 40, PT0.025S, PT2S, PT8S, PT1S'",
    "standard, 5, '5, 50, PT0.05S, PT2S, PT30S, PT1S'",
    "quick, 5, '2, 10, PT0.05S, PT2S, PT10S, PT1S'",
    "medium, 5, '20, 100, PT0.05S, PT2S, PT2M, PT1S'",
    "high, 5, '100, 200, PT0.02S, PT2S, PT5M, PT1S'",
  })
  void profiles_are_pinned(String profile, int warmupS, String plan) {
    RelaySettings settings = read("profile", profile);
    assertThat(settings.common().warmup()).hasSeconds(warmupS);
    assertThat(Options.values(settings.plan())).isEqualTo(plan);
    assertThat(settings.plan().hold()).isEqualTo(settings.plan().duration().minusSeconds(2));
  }

  @Test
  void standard_is_the_default_and_its_other_values_are_pinned() {
    RelaySettings settings = read();
    assertThat(settings.plan()).isEqualTo(read("profile", "standard").plan());
    assertThat(Options.values(settings.side())).startsWith("BOTH, CORE, ");
    assertThat(Options.values(settings.probes())).isEqualTo("10, 1, true");
    assertThat(settings.verifyText()).isTrue();
    assertThat(settings.common().slos().maxNs(Kpi.DELIVERY_LAG)).isEqualTo(250_000_000L);
    assertThat(thresholds(settings))
        .contains("success_rate", "goodput", "delivery_lag_p50", "delivery_lag_p99");
    assertThat(settings.longest()).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(4));
  }

  @Test
  void a_side_alone_has_the_thresholds_of_what_it_measures() {
    RelaySettings producer = read("mode", "producer");
    assertThat(thresholds(producer))
        .contains("publish_lag_p99")
        .doesNotContain("delivery_lag_p99", "goodput");
    assertThat(producer.common().warmup()).isZero();
    assertThat(Options.values(producer.probes())).isEqualTo("0, 0, false");
    RelaySettings consumer =
        read("mode", "consumer", "sse.url", "http://127.0.0.1:1", "conversation-prefix", "p");
    assertThat(thresholds(consumer)).contains("delivery_lag_p99").doesNotContain("publish_lag_p99");
    assertThat(consumer.verifyText()).isFalse();
  }

  @Test
  void stores_of_a_durable_relay_may_grow_by_each_token_and_a_limit_of_the_users_own_stands() {
    assertThat(growth(read())).containsExactly("*.memory_slope <= 0.1 MB/s");
    assertThat(growth(read("delivery", "durable"))).containsExactly("*.memory_slope <= 0.42 MB/s");
    String own = "*.memory_slope <= 9 MB/s";
    assertThat(growth(read("delivery", "durable", "thresholds", own))).containsExactly(own);
  }

  private static Stream<String> growth(RelaySettings settings) {
    return settings.common().thresholds().stream()
        .map(Threshold::text)
        .filter(text -> text.contains("memory_slope"));
  }

  @Test
  void every_wrong_value_is_reported_at_once() {
    assertThat(
            wrong(
                "mode=consumer tokens=0 delay=0 await-consumers=3s conversation-ids=good,a.b"
                    + " target-heap=large"))
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
            wrong("sse.url=http://127.0.0.1:1 nats.url=nats://127.0.0.1:2 bridge.defect=lost-done"))
        .containsExactlyInAnyOrder("-Dredis.url", "-Dnats.url", "-Dbridge.defect");
    assertThat(wrong("sse.url=ws://127.0.0.1:1/feed")).containsExactly("-Dsse.url");
  }

  @Test
  void conversations_are_numbered_the_same_in_every_process() {
    RelaySettings numbered = read("conversations", "3", "conversation-prefix", "p");
    assertThat(numbered.id(2, 0)).contains("p-2");
    assertThat(numbered.id(1, 4)).contains("p-13");
    RelaySettings named = read("conversations", "2", "conversation-ids", "a,b,c");
    assertThat(named.id(0, 1)).contains("c");
    assertThat(named.id(1, 1)).isEmpty();
  }

  /** The options that are named by an error, one for each error. */
  private static Stream<String> wrong(String options) {
    return Options.errors(() -> read(options.split("[ =]", -1))).stream()
        .map(error -> error.substring(0, error.indexOf(':')));
  }

  private static Stream<String> thresholds(RelaySettings settings) {
    return settings.common().thresholds().stream().map(Threshold::checkName);
  }

  private static RelaySettings read(String... pairs) {
    return RelaySettings.read(Options.config("token-relay", pairs));
  }
}
