package gauntlet;

import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import settings.JwtKey;
import settings.JwtMint;
import settings.JwtPlan;
import settings.SettingsReader;

/** {@code token}: creates tokens for users of the ticker, valid and invalid ones, one a line. */
@Command(
    name = "token",
    description = {
      "Creates tokens for users of the ticker, one a line.",
      "With --expired, --wrong-key, --alg, --not-before, --audience or --without: tokens that it"
          + " must refuse."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("UnusedVariable") // Most options are read by way of the specification.
final class TokenCommand implements Callable<Integer> {
  /** The users of the tokens. */
  private record Users(
      @settings.Option String user, @settings.Option(in = "1..10000000") int count) {}

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
  private List<String> without = List.of();

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
    Users users = reader.read(Users.class);
    JwtKey key = reader.read(JwtKey.Source.class).key();
    JwtPlan plan = reader.finish(JwtPlan.class);
    JwtMint mint =
        new JwtMint(
            key, expired ? plan.lasting(Duration.ofHours(-1)) : plan, InstantSource.system());
    PrintWriter out = spec.commandLine().getOut();
    boolean named = spec.commandLine().getParseResult().hasMatchedOption("--user");
    String name = named ? user : "user";
    for (int number = 1; number <= users.count; number++) {
      out.println(mint.mint(users.count == 1 ? user : name + "-" + number));
    }
    return ExitCode.OK;
  }

  private SettingsReader reader() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      values.put(option.longestName().substring(2), option.getValue());
    }
    return new SettingsReader(ConfigFactory.parseMap(values, "token"), path -> "--" + path);
  }
}
