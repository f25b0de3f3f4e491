package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

class RelaySettingsTest {
  @Test
  void every_wrong_value_is_told_and_no_password_is_repeated() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(
            () ->
                BridgeServer.SPEC.start(
                    Map.of(
                        "redis", "http://me:secret@x",
                        "nats", "127.0.0.1:4222",
                        "delivery", "twice",
                        "defect", "reorder")))
        .satisfies(
            bad ->
                assertThat(bad.errors())
                    .containsExactly(
                        "--redis: 'http://***@x' is not an address such as redis://127.0.0.1:6379",
                        "--nats: '127.0.0.1:4222' is not an address such as nats://127.0.0.1:4222",
                        "--delivery: 'twice' is unknown; choose one of core, durable",
                        "--defect: 'reorder' is unknown; choose of lost-done, silent-nats-down,"
                            + " slow, leak, fd-leak, thread-leak, error"));
  }

  @Test
  void a_bridge_answers_no_requests_that_could_fail_or_leak() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> BridgeServer.SPEC.start(Map.of("defect", "error=6%")))
        .withMessageContaining("a bridge answers none");
  }

  @Test
  void a_defects_value_must_be_a_number() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> AdapterServer.SPEC.start(Map.of("defect", "drop-when-full=some")))
        .withMessageContaining("drop-when-full=100");
  }

  @Test
  void an_origin_has_a_scheme_and_no_path_and_a_domain_no_dots() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(
            () ->
                AdapterServer.SPEC.start(
                    Map.of("cors", "https://a.example, a.example/b", "nats-domain", "a.b")))
        .satisfies(
            bad ->
                assertThat(bad.errors())
                    .containsExactlyInAnyOrder(
                        "--cors: 'a.example/b' is not an origin such as https://a.example, or *",
                        "--nats-domain: 'a.b' has other characters than letters, digits, '-' and"
                            + " '_'"));
  }
}
