package gauntlet;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import settings.SettingsReader;
import settings.Signing;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;

/** {@code token}: creates tokens for users of the ticker, valid and invalid ones, one a line. */
@Command(
    name = "token",
    description = {
      "Creates tokens for users of the ticker, one a line.",
      "With --expired, --wrong-key, --alg, --not-before, --audience or --without: tokens that it"
          + " must refuse."
    },
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration YEARS = Duration.ofDays(36_500);
  private static final int COUNT_MAX = 10_000_000;
  private static final List<String> CLAIMS = List.of(TokenPlan.USER_ID, "iat", "exp");

  @Spec private CommandSpec spec;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "user-1",
      description = "The user (default: ${DEFAULT-VALUE}); of many, NAME-1, NAME-2 and so on")
  private String user;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of tokens, each for its own user; NAME is then user by default")
  private String count;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "24h",
      description = "Time to live (default: ${DEFAULT-VALUE})")
  private String ttl;

  @Option(names = "--expired", description = "Expired an hour ago")
  private boolean expired;

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      description = "Valid only after this time from now")
  private String notBefore;

  @Option(names = "--wrong-key", description = "Signed by another key")
  private boolean wrongKey;

  @Option(
      names = "--alg",
      paramLabel = "ALG",
      defaultValue = "HS256",
      description = "Signature: HS256, HS384, HS512, RS256 or none (default: HS256)")
  private String algorithm;

  @Option(names = "--audience", paramLabel = "NAME", description = "The audience (aud)")
  private String audience;

  @Option(names = "--issuer", paramLabel = "NAME", description = "The issuer (iss)")
  private String issuer;

  @Option(
      names = "--without",
      paramLabel = "CLAIM",
      split = ",",
      description = "Leaves claims out: userId, iat, exp")
  private Set<String> without = Set.of();

  @Option(
      names = "--secret",
      paramLabel = "TEXT",
      description = "The key; by default the ticker's own default, which is for loopback only")
  private String secret;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "File with the key in its first line, so that no list of processes shows it")
  private String secretFile;

  @Override
  public Integer call() {
    SettingsReader reader = reader();
    int many = reader.integer("count", 1, COUNT_MAX);
    TokenKey key = key(reader);
    TokenPlan plan = plan(reader);
    if (user.isBlank()) {
      reader.error("user", "has no value");
    }
    reader.finish();
    TokenMint mint = new TokenMint(key, plan, InstantSource.system());
    PrintWriter out = spec.commandLine().getOut();
    boolean named = spec.commandLine().getParseResult().hasMatchedOption("--user");
    String name = named ? user : "user";
    for (int number = 1; number <= many; number++) {
      out.println(mint.mint(many == 1 ? user : name + "-" + number));
    }
    out.flush();
    return ExitCode.OK;
  }

  private TokenPlan plan(SettingsReader reader) {
    if (!CLAIMS.containsAll(without)) {
      reader.error("without", "choose of " + String.join(", ", CLAIMS));
    }
    Duration time = reader.duration("ttl", SECOND, YEARS);
    String word = reader.oneOf("alg", Signing.words());
    return new TokenPlan(
        expired ? Duration.ofHours(-1) : time,
        Optional.ofNullable(notBefore).map(none -> reader.duration("not-before", SECOND, YEARS)),
        Optional.ofNullable(issuer),
        Optional.ofNullable(audience),
        Arrays.stream(Signing.values())
            .filter(way -> way.word().equals(word))
            .findFirst()
            .orElse(Signing.HS256),
        wrongKey,
        without);
  }

  /** Returns the key; errors never contain the secret. */
  private TokenKey key(SettingsReader reader) {
    if (secret == null && secretFile == null) {
      return TokenKey.ofDevelopment();
    }
    String path = secret == null ? "secret-file" : "secret";
    if (secret != null && secretFile != null) {
      reader.error("secret-file", "there is a --secret too; give one of them");
    }
    try {
      Optional<TokenKey> key =
          secret == null ? TokenKey.in(Path.of(secretFile)) : TokenKey.of(secret);
      if (key.isEmpty()) {
        reader.error(path, "a secret has at least " + TokenKey.BYTES_MIN + " bytes");
      }
      return key.orElse(TokenKey.ofDevelopment());
    } catch (IOException | InvalidPathException e) {
      reader.error(path, "'" + secretFile + "' cannot be read");
      return TokenKey.ofDevelopment();
    }
  }

  private SettingsReader reader() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("count", count);
    values.put("ttl", ttl);
    values.put("alg", algorithm);
    if (notBefore != null) {
      values.put("not-before", notBefore);
    }
    Config config = ConfigFactory.parseMap(values, "token");
    return new SettingsReader(config, path -> "--" + path);
  }
}
