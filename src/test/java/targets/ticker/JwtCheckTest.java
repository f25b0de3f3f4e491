package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;
import settings.JwtKey;
import settings.JwtMint;
import settings.JwtPlan;
import targets.ticker.JwtCheck.Verdict;

/** Tokens, and the key that checks them. */
class JwtCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String SECRET = "a secret of thirty-two bytes or more";
  private static final JwtKey KEY = JwtKey.parse("a key of thirty-two bytes or more");

  @TempDir Path folder;

  @Test
  void a_good_token_names_its_user_and_its_expiry() {
    assertThat(judge(JwtPlan.GOOD.lasting(Duration.ofMinutes(1))))
        .isEqualTo(new JwtCheck.Good("user-1", NOW.getEpochSecond() + 60));
  }

  static Stream<Arguments> attacks() {
    JwtPlan good = JwtPlan.GOOD;
    return Stream.of(
        Arguments.of(JwtCheck.Fault.EXPIRED, good.lasting(Duration.ofHours(-1))),
        Arguments.of(JwtCheck.Fault.NOT_YET, good.startingIn(Duration.ofSeconds(1))),
        Arguments.of(JwtCheck.Fault.SIGNATURE, good.signedByAnother()),
        Arguments.of(JwtCheck.Fault.CLAIM, good.lacking("userId")),
        Arguments.of(JwtCheck.Fault.CLAIM, good.lacking("iat")),
        Arguments.of(JwtCheck.Fault.CLAIM, good.lacking("exp")));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void a_bad_token_is_refused_with_its_fault(JwtCheck.Fault fault, JwtPlan plan) {
    assertThat(judge(plan)).isEqualTo(new JwtCheck.Bad(fault));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS384", "HS512", "RS256", "none"})
  void a_token_signed_in_any_other_way_is_refused(String way) {
    assertThat(judge(JwtPlan.GOOD.signed(way)))
        .isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.ALGORITHM));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "HS512", "RS256", "hs256", ""})
  void a_replaced_header_is_refused(String algorithm) {
    String[] parts = mint(JwtPlan.GOOD).split("\\.", -1);
    String header = base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");
    assertThat(judge(header + "." + parts[1] + "." + parts[2])).isInstanceOf(JwtCheck.Bad.class);
    assertThat(judge(header + "." + parts[1] + ".")).isInstanceOf(JwtCheck.Bad.class);
  }

  @Test
  void a_changed_claim_is_refused() {
    String[] parts = mint(JwtPlan.GOOD).split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String changed = base64(claims.replace("user-1", "user-2"));
    assertThat(judge(parts[0] + "." + changed + "." + parts[2]))
        .isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.SIGNATURE));
  }

  @Test
  void issuer_and_audience_must_match_if_they_are_set() {
    JwtCheck check = check(Optional.of("odin"), Optional.of("ticker"));
    JwtPlan good = JwtPlan.GOOD.by("odin").meantFor("ticker");
    assertThat(check.check(mint(good))).isInstanceOf(JwtCheck.Good.class);
    assertThat(check.check(mint(good.by("loki"))))
        .isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.ISSUER));
    assertThat(check.check(mint(good.meantFor("shop"))))
        .isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.AUDIENCE));
    assertThat(check.check(mint(JwtPlan.GOOD.by("odin"))))
        .isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.AUDIENCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", ".", "..", "a.b.c", "....", "e30.e30.", "%00", "null", "\u0000"})
  void garbage_is_refused(String token) {
    assertThat(judge(token)).isInstanceOf(JwtCheck.Bad.class);
  }

  @Test
  void a_missing_token_an_overlong_one_and_one_of_nothing_are_refused() {
    assertThat(judge("e30.e30.e30")).isInstanceOf(JwtCheck.Bad.class);
    assertThat(judge("")).isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.MISSING));
    assertThat(judge("x".repeat(JwtCheck.LENGTH_MAX + 1)))
        .isEqualTo(new JwtCheck.Bad(JwtCheck.Fault.TOO_LONG));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"userId\":\"u\",\"iat\":1,\"exp\":99999999999999999999}",
        "{\"userId\":\"u\",\"iat\":1,\"exp\":9223372036854775807}",
        "{\"userId\":\"u\",\"iat\":1,\"exp\":-9223372036854775808}",
        "{\"userId\":\"u\",\"iat\":1,\"exp\":\"tomorrow\"}",
        "{\"userId\":\"u\",\"iat\":[],\"exp\":{}}",
        "{\"userId\":7,\"iat\":1,\"exp\":99999999999}",
        "{\"userId\":\"\",\"iat\":1,\"exp\":99999999999}",
        "{\"userId\":null,\"iat\":1,\"exp\":99999999999}",
        "[]",
        "7"
      })
  void malformed_claims_are_refused_without_a_failure(String claims) {
    assertThat(judge(base64("{\"alg\":\"none\"}") + "." + base64(claims) + "."))
        .isInstanceOf(JwtCheck.Bad.class);
    // The claims of a token whose signature is not checked are read as well.
    assertThat(JwtCheck.check(base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".", it -> it))
        .isInstanceOf(Verdict.class);
  }

  @Test
  void no_change_of_a_single_character_is_accepted() {
    String token = mint(JwtPlan.GOOD);
    SplittableRandom random = new SplittableRandom(42);
    for (int at = 0; at < token.length(); at++) {
      char other = (char) random.nextInt(1, 128);
      // The last character of a base64 part may hold unused bits.
      boolean endsPart = at == token.length() - 1 || token.charAt(at + 1) == '.';
      if (other != token.charAt(at) && !endsPart) {
        String changed = token.substring(0, at) + other + token.substring(at + 1);
        assertThat(judge(changed)).as("at %s", at).isInstanceOf(JwtCheck.Bad.class);
      }
    }
  }

  @Test
  void elsewhere_it_needs_a_secret_of_its_own_and_gives_out_no_tokens() {
    assertThatThrownBy(() -> read(Map.of("host", "0.0.0.0")))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("--secret: has no value");
    assertThat(read(Map.of("host", "0.0.0.0", "secret", SECRET)).key().key().isOfDevelopment())
        .isFalse();
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
    assertThat(read(Map.of("secret-file", file.toString())).key().key().bytes())
        .isEqualTo(JwtKey.parse(SECRET).bytes());
    assertThatThrownBy(() -> read(Map.of("secret-file", file.toString(), "secret", SECRET)))
        .hasMessageContaining("give one of them")
        .hasMessageNotContaining(SECRET);
    assertThatThrownBy(() -> read(Map.of("secret-file", folder.resolve("none").toString())))
        .hasMessageContaining("cannot be read");
  }

  private static TickerSettings read(Map<String, String> values) {
    return TickerServer.SPEC.reader(values).finish(TickerSettings.class);
  }

  private static Verdict judge(JwtPlan plan) {
    return judge(mint(plan));
  }

  private static Verdict judge(String token) {
    return check(Optional.empty(), Optional.empty()).check(token);
  }

  private static JwtCheck check(Optional<String> issuer, Optional<String> audience) {
    return new JwtCheck(KEY, issuer, audience, InstantSource.fixed(NOW));
  }

  private static String mint(JwtPlan plan) {
    return new JwtMint(KEY, plan, InstantSource.fixed(NOW)).mint("user-1");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
