package gauntlet;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import settings.Checked;
import settings.JwtKey;
import settings.JwtPlan;
import settings.Option;
import settings.Setting;
import settings.SettingsReader;

/** {@code token}: creates tokens for users of the ticker, valid and invalid ones, one a line. */
@Command(
    name = "token",
    description = {
      "Creates tokens for users of the ticker, one a line.",
      "With --expired, --wrong-key, --alg, --not-before, --audience or --without: tokens that it"
          + " must refuse."
    })
final class TokenCommand implements Callable<Integer> {
  private static final List<String> CLAIMS = List.of(JwtPlan.USER_ID, "iat", "exp");

  private CommandSpec spec;

  /** The users of the tokens, and the distortions of the tokens. */
  private record Tokens(
      @Option(help = "the user (default: user-1); of many, NAME-1, NAME-2 and so on")
          Optional<String> user,
      @Option(
              value = "1",
              in = "1..10000000",
              help = "number of tokens, each for its own user; NAME is then user by default")
          int count,
      @Option(value = "24h", in = "1s..36500d", help = "time to live") Duration ttl,
      @Option(value = "false", help = "expired an hour ago") boolean expired,
      @Option(in = "1s..36500d", help = "valid only after this time from now")
          Optional<Duration> notBefore,
      @Option(value = "false", help = "signed by another key") boolean wrongKey,
      @Option(
              value = "HS256",
              help = "signature: HS256, HS384, HS512, RS256 or none",
              matches = "HS256|HS384|HS512|RS256|none",
              otherwise = "is unknown; choose one of HS256, HS384, HS512, RS256, none")
          String alg,
      @Option(help = "the audience (aud)") Optional<String> audience,
      @Option(help = "the issuer (iss)") Optional<String> issuer,
      @Option(help = "claims to leave out: userId, iat, exp") List<String> without,
      JwtKey.Source key)
      implements Checked {
    @Override
    public void check(SettingsReader reader) {
      if (!CLAIMS.containsAll(without)) {
        reader.error("without", "choose of " + String.join(", ", CLAIMS));
      }
    }

    private JwtPlan plan() {
      JwtPlan plan = JwtPlan.GOOD.lasting(expired ? Duration.ofHours(-1) : ttl).signed(alg);
      plan = wrongKey ? plan.signedByAnother() : plan;
      plan = with(plan, "nbf", notBefore);
      plan = with(plan, "aud", audience);
      plan = with(plan, "iss", issuer);
      return plan.lacking(without.toArray(String[]::new));
    }

    private static JwtPlan with(JwtPlan plan, String claim, Optional<?> value) {
      return value.isPresent() ? plan.with(claim, value.get()) : plan;
    }
  }

  @Spec
  void declare(CommandSpec own) {
    spec = own;
    SettingOptions.add(spec, Setting.of(Tokens.class));
  }

  @Override
  public Integer call() {
    Tokens tokens = SettingOptions.reader(spec, Setting.of(Tokens.class)).finish(Tokens.class);
    UnaryOperator<String> mint = tokens.plan().mint(tokens.key.key(), InstantSource.system());
    String alone = tokens.user.orElse("user-1");
    String prefix = tokens.user.orElse("user") + "-";
    IntStream.rangeClosed(1, tokens.count)
        .mapToObj(number -> mint.apply(tokens.count == 1 ? alone : prefix + number))
        .forEach(spec.commandLine().getOut()::println);
    return ExitCode.OK;
  }
}
