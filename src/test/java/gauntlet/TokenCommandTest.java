package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens on the command line. */
class TokenCommandTest {
  @TempDir Path folder;

  @Test
  void a_token_is_for_a_user_and_valid_for_a_day() {
    DecodedJWT token = one("token");
    assertThat(token.getAlgorithm()).isEqualTo("HS256");
    assertThat(token.getClaim("userId").asString()).isEqualTo("user-1");
    assertThat(Duration.between(token.getIssuedAtAsInstant(), token.getExpiresAtAsInstant()))
        .isEqualTo(Duration.ofHours(24));
    assertThat(one("token", "--user", "anna").getClaim("userId").asString()).isEqualTo("anna");
  }

  @Test
  void many_tokens_are_for_as_many_users_one_a_line() {
    List<String> lines = CommandLineRun.of("token", "--count", "3").out().lines().toList();
    assertThat(lines)
        .extracting(line -> JWT.decode(line).getClaim("userId").asString())
        .containsExactly("user-1", "user-2", "user-3");
    assertThat(CommandLineRun.of("token", "--count", "2", "--user", "bot").out().lines())
        .extracting(line -> JWT.decode(line).getClaim("userId").asString())
        .containsExactly("bot-1", "bot-2");
  }

  @Test
  void invalid_tokens_can_be_created() {
    assertThat(one("token", "--expired").getExpiresAtAsInstant()).isBefore(Instant.now());
    assertThat(one("token", "--ttl", "5s").getExpiresAtAsInstant())
        .isBefore(Instant.now().plusSeconds(60));
    assertThat(one("token", "--not-before", "1h").getNotBeforeAsInstant()).isAfter(Instant.now());
    assertThat(one("token", "--audience", "shop").getAudience()).containsExactly("shop");
    assertThat(one("token", "--issuer", "odin").getIssuer()).isEqualTo("odin");
    assertThat(one("token", "--without", "userId,exp").getClaims()).containsOnlyKeys("iat");
    assertThat(one("token", "--alg", "none").getSignature()).isEmpty();
    assertThat(signature("--wrong-key")).isNotEqualTo(signature("--ttl", "24h"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS384", "HS512", "RS256"})
  void other_algorithms_can_be_chosen(String algorithm) {
    assertThat(one("token", "--alg", algorithm).getAlgorithm()).isEqualTo(algorithm);
  }

  @Test
  void the_secret_comes_from_a_file_or_an_option() throws IOException {
    String secret = "a secret of thirty-two bytes or more";
    Path file = Files.writeString(folder.resolve("secret"), secret);
    assertThat(signature("--secret-file", file.toString()))
        .isEqualTo(signature("--secret", secret));
  }

  @ParameterizedTest
  @CsvSource({
    "--count, 0, 0",
    "--ttl, 5, 5",
    "--ttl, soon, soon",
    "--alg, HS1, HS1",
    "--without, aud, userId",
    "--secret-file, nowhere, nowhere",
    "--not-before, x, x"
  })
  void a_wrong_value_is_an_error_and_nothing_is_created(String option, String value, String said) {
    assertThat(CommandLineRun.of("token", option, value).refused(option + ":", said).out())
        .isEmpty();
  }

  @Test
  void an_error_never_contains_the_secret() {
    CommandLineRun run = CommandLineRun.of("token", "--secret", "hunter2").ending(ExitCode.USAGE);
    assertThat(run.err()).contains("at least 32 bytes").doesNotContain("hunter2");
  }

  /** Without the times, so that the same key signs the same. */
  private static String signature(String... options) {
    return one("token", "--without", "iat,exp", List.of(options)).getSignature();
  }

  private static DecodedJWT one(Object... words) {
    CommandLineRun run = CommandLineRun.of(words).ending(ExitCode.OK);
    return JWT.decode(run.out().strip());
  }
}
