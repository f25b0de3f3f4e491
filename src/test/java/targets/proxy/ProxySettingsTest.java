package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

final class ProxySettingsTest {
  @Test
  void the_defaults_are_these() {
    ProxySettings settings = ProxySettings.read(ProxyServer.SPEC.reader(Map.of()));
    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFields("defects")
        .isEqualTo(
            new ProxySettings(
                "127.0.0.1",
                10080,
                URI.create("http://127.0.0.1:10081"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                32 * 1024,
                64 * 1024,
                20_000,
                1024,
                Duration.ofSeconds(10),
                1));
  }

  @Test
  void every_wrong_value_is_reported_at_once() {
    Map<String, String> wrong =
        Map.of(
            "port", "x",
            "upstream", "https://host/path",
            "idle-timeout", "30",
            "buffer-low", "9000",
            "buffer-high", "8000",
            "threads", "0");
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class, () -> ProxySettings.read(ProxyServer.SPEC.reader(wrong)));
    assertThat(bad.errors())
        .extracting(error -> error.substring(0, error.indexOf(':')))
        .containsExactly("--port", "--upstream", "--idle-timeout", "--threads", "--buffer-low");
  }
}
