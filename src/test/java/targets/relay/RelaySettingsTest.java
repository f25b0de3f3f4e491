package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;
import targets.relay.adapter.AdapterServer;

class RelaySettingsTest {
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
