package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

class RelayDefectsTest {
  @Test
  void every_wrong_value_is_reported_and_no_password_is_repeated() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(
            () ->
                RelayDefects.BRIDGE.start(
                    Map.of(
                        "redis", "http://me:secret@x",
                        "nats", "127.0.0.1:4222",
                        "delivery", "twice",
                        "defect", "reorder")))
        .satisfies(
            bad ->
                assertThat(bad.errors())
                    .containsExactlyInAnyOrder(
                        "--redis: 'http://***@x' is not an address such as redis://127.0.0.1:6379",
                        "--nats: '127.0.0.1:4222' is not an address such as nats://127.0.0.1:4222",
                        "--delivery: 'twice' is unknown; choose one of core, durable",
                        "--defect: 'reorder' is unknown; choose of lost-done, silent-nats-down,"
                            + " slow, leak, fd-leak, thread-leak, error"));
  }

  @Test
  void a_bridge_answers_no_requests_that_could_fail_or_leak() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> RelayDefects.BRIDGE.start(Map.of("defect", "error=6%")))
        .withMessageContaining("a bridge answers none");
  }

  @Test
  void a_defects_value_must_be_a_number() {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> RelayDefects.ADAPTER.start(Map.of("defect", "drop-when-full=some")))
        .withMessageContaining("drop-when-full: 'some' is not a whole number");
  }
}
