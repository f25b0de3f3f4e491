package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.BadSettings;
import settings.TokenKey;

class TickerSettingsTest {
  private static final String SECRET = "a secret of thirty-two bytes or more";

  @TempDir Path folder;

  @Test
  void by_default_it_listens_on_loopback_with_the_development_key() {
    TickerSettings settings = read(Map.of());
    assertThat(settings.port()).isEqualTo(3001);
    assertThat(settings.key().isOfDevelopment()).isTrue();
    assertThat(settings.devTokens()).isFalse();
    assertThat(settings.deflate()).isFalse();
  }

  @Test
  void elsewhere_it_needs_a_secret_of_its_own_and_gives_out_no_tokens() {
    assertThatThrownBy(() -> read(Map.of("host", "0.0.0.0")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--secret: has no value");
    assertThat(read(Map.of("host", "0.0.0.0", "secret", SECRET)).key().isOfDevelopment()).isFalse();
    assertThatThrownBy(
            () -> read(Map.of("host", "0.0.0.0", "secret", SECRET, "dev-tokens", "true")))
        .hasMessageContaining("--dev-tokens: 'true' is for loopback");
  }

  @Test
  void a_short_secret_is_refused_and_never_repeated() {
    assertThatThrownBy(() -> read(Map.of("secret", "hunter2")))
        .hasMessageContaining("--secret: a secret has at least 32 bytes")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void a_secret_may_come_from_a_file() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
    assertThat(read(Map.of("secret-file", file.toString())).key().bytes())
        .isEqualTo(TokenKey.of(SECRET).orElseThrow().bytes());
    assertThatThrownBy(() -> read(Map.of("secret-file", file.toString(), "secret", SECRET)))
        .hasMessageContaining("give one of them")
        .hasMessageNotContaining(SECRET);
    assertThatThrownBy(() -> read(Map.of("secret-file", folder.resolve("none").toString())))
        .hasMessageContaining("cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "max-connections, 0",
    "connects-per-address, none",
    "messages-per-connection, -1",
    "max-message, 10",
    "outbox, much",
    "heartbeat, 30",
    "deflate, yes",
    "nats, localhost"
  })
  void a_wrong_value_is_reported_with_its_option(String option, String value) {
    assertThatThrownBy(() -> read(Map.of(option, value)))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--" + option);
  }

  private static TickerSettings read(Map<String, String> values) {
    return TickerServer.SPEC.reader(values).finish(TickerSettings.class);
  }
}
