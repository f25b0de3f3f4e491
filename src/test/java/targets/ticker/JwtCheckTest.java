package targets.ticker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.algorithms.Algorithm;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;
import settings.JwtKey;
import settings.JwtPlan;
import targets.shared.RunningTarget;
import targets.ticker.JwtCheck.Fault;
import targets.ticker.JwtCheck.Verdict;

/** Tokens, and the key that checks them. */
class JwtCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final JwtKey KEY = JwtKey.parse("a key of thirty-two bytes or more");

  @Test
  void a_good_token_names_its_user_and_its_expiry() {
    assertThat(judge(mint(JwtPlan.GOOD.lasting(Duration.ofMinutes(1)))))
        .isEqualTo(new JwtCheck.Good("user-1", NOW.getEpochSecond() + 60));
  }

  @Test
  void a_token_may_have_expired_or_begin_later_by_the_leeway() {
    JwtCheck check = check(Optional.empty(), Optional.empty(), Duration.ofSeconds(30));
    long nowS = NOW.getEpochSecond();
    assertThat(check.check(mint(JwtPlan.GOOD.lasting(Duration.ofSeconds(-29)))))
        .isEqualTo(new JwtCheck.Good("user-1", nowS + 1));
    assertThat(check.check(mint(JwtPlan.GOOD.with("nbf", Duration.ofSeconds(29)))))
        .isInstanceOf(JwtCheck.Good.class);
    assertThat(check.check(mint(JwtPlan.GOOD.lasting(Duration.ofSeconds(-31)))))
        .isEqualTo(new JwtCheck.Bad(Fault.EXPIRED));
  }

  static Stream<Arguments> bad() {
    JwtPlan good = JwtPlan.GOOD;
    String[] parts = mint(good).split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String changed = base64(claims.replace("user-1", "user-2"));
    return Stream.of(
        Arguments.of(Fault.MISSING, ""),
        Arguments.of(Fault.TOO_LONG, "x".repeat(JwtCheck.LENGTH_MAX + 1)),
        Arguments.of(Fault.EXPIRED, mint(good.lasting(Duration.ofHours(-1)))),
        Arguments.of(Fault.NOT_YET, mint(good.with("nbf", Duration.ofSeconds(1)))),
        Arguments.of(Fault.SIGNATURE, mint(good.signedByAnother())),
        Arguments.of(Fault.SIGNATURE, parts[0] + "." + changed + "." + parts[2]),
        Arguments.of(Fault.ALGORITHM, mint(good.signed("HS384"))),
        Arguments.of(Fault.ALGORITHM, mint(good.signed("HS512"))),
        Arguments.of(Fault.ALGORITHM, mint(good.signed("RS256"))),
        Arguments.of(Fault.ALGORITHM, mint(good.signed("none"))),
        Arguments.of(Fault.CLAIM, mint(good.lacking("userId"))),
        Arguments.of(Fault.CLAIM, mint(good.lacking("iat"))),
        Arguments.of(Fault.CLAIM, mint(good.lacking("exp"))));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_bad_token_is_refused_with_its_fault(Fault fault, String token) {
    assertThat(judge(token)).isEqualTo(new JwtCheck.Bad(fault));
  }

  @Test
  void issuer_and_audience_must_match_if_they_are_set() {
    JwtCheck check = check(Optional.of("odin"), Optional.of("ticker"));
    JwtPlan good = JwtPlan.GOOD.with("iss", "odin").with("aud", "ticker");
    assertThat(check.check(mint(good))).isInstanceOf(JwtCheck.Good.class);
    assertThat(check.check(mint(good.with("iss", "loki"))))
        .isEqualTo(new JwtCheck.Bad(Fault.ISSUER));
    assertThat(Stream.of(good.with("aud", "shop"), JwtPlan.GOOD.with("iss", "odin")))
        .extracting(plan -> check.check(mint(plan)))
        .containsOnly(new JwtCheck.Bad(Fault.AUDIENCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "HS512", "RS256", "hs256", ""})
  void a_replaced_header_is_refused(String algorithm) {
    String[] parts = mint(JwtPlan.GOOD).split("\\.", -1);
    String header = base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");
    assertThat(judge(header + "." + parts[1] + "." + parts[2])).isInstanceOf(JwtCheck.Bad.class);
    assertThat(judge(header + "." + parts[1] + ".")).isInstanceOf(JwtCheck.Bad.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        ".",
        "..",
        "a.b.c",
        "....",
        "e30.e30.",
        "%00",
        "null",
        "\u0000",
        "e30.e30.e30"
      })
  void garbage_is_refused(String token) {
    assertThat(judge(token)).isInstanceOf(JwtCheck.Bad.class);
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
    String head = base64("{\"alg\":\"HS256\"}");
    byte[] signature =
        Algorithm.HMAC256(KEY.bytes()).sign(head.getBytes(UTF_8), base64(claims).getBytes(UTF_8));
    String text = head + "." + base64(claims) + ".";
    assertThat(judge(text + Base64.getUrlEncoder().withoutPadding().encodeToString(signature)))
        .isInstanceOf(JwtCheck.Bad.class);
    // The claims of a token whose signature is not checked are read as well.
    assertThat(JwtCheck.check(text, it -> it)).isInstanceOf(Verdict.class);
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

  @ParameterizedTest
  @CsvSource({
    "host=0.0.0.0, '--secret: the key for development is public and for loopback only, and --host"
        + " is 0.0.0.0; give a key of your own by --secret-file or --secret'",
    "host=0.0.0.0 secret-file=DEVELOPMENT, --secret: the key for development is public",
    "host=:: secret-file=DEVELOPMENT, --secret: the key for development is public",
    "host=0.0.0.0 dev-tokens=true, --dev-tokens: 'true' is for loopback",
    "secret=hunter2, --secret: a secret has at least 32 bytes",
    "secret-file=/no/such/file, cannot be read",
    "secret-file=pom.xml secret=a_secret_of_thirty-two_bytes_or_more, give one of them"
  })
  void settings_without_a_safe_secret_are_refused_and_no_secret_is_repeated(
      String settings, String error, @TempDir Path folder) throws IOException {
    Path known = Files.write(folder.resolve("known"), JwtKey.OF_DEVELOPMENT.bytes());
    assertThat(read("secret-file=" + known).key().key().isOfDevelopment()).isTrue();
    assertThatThrownBy(() -> read(settings.replace("DEVELOPMENT", known.toString())))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining(error)
        .hasMessageNotContainingAny("hunter2", "thirty-two", "which is none");
  }

  @Test
  void a_secret_may_come_from_an_option_or_a_file(@TempDir Path folder) throws IOException {
    String secret = "a_secret_of_thirty-two_bytes_or_more";
    assertThat(read("host=0.0.0.0 secret=" + secret).key().key().isOfDevelopment()).isFalse();
    Path file = Files.writeString(folder.resolve("secret"), secret + "\n");
    assertThat(read("secret-file=" + file).key().key().bytes())
        .isEqualTo(JwtKey.parse(secret).bytes());
  }

  /** Reads settings {@code name=value}, separated by blanks. */
  private static TickerSettings read(String settings) {
    Map<String, String> values = RunningTarget.values(settings.split(" ", -1));
    return TickerServer.SPEC.reader(values).finish(TickerSettings.class);
  }

  private static Verdict judge(String token) {
    return check(Optional.empty(), Optional.empty()).check(token);
  }

  private static JwtCheck check(Optional<String> issuer, Optional<String> audience) {
    return check(issuer, audience, Duration.ZERO);
  }

  private static JwtCheck check(
      Optional<String> issuer, Optional<String> audience, Duration leeway) {
    return new JwtCheck(KEY, issuer, audience, leeway, InstantSource.fixed(NOW));
  }

  private static String mint(JwtPlan plan) {
    return plan.mint(KEY, InstantSource.fixed(NOW)).apply("user-1");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
