package settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Content and signature of a JSON web token (JWT), valid or not, as {@link JwtMint} creates it;
 * read from options, or derived from {@link #GOOD}. Immutable.
 *
 * @param ttl from now to its expiry; negative for an expired token
 * @param notBefore from now to its {@code nbf} claim, if it has one
 * @param issuer its {@code iss} claim, if it has one
 * @param audience its {@code aud} claim, if it has one
 * @param alg signature; a ticker accepts only HS256
 * @param wrongKey signed by a key that is not the shared one
 * @param without claims that are left out
 */
public record JwtPlan(
    @Option(in = "1s..36500d") Duration ttl,
    @Option(in = "1s..36500d") Optional<Duration> notBefore,
    @Option Optional<String> issuer,
    @Option Optional<String> audience,
    @Option(
            matches = "HS256|HS384|HS512|RS256|none",
            otherwise = "is unknown; choose one of HS256, HS384, HS512, RS256, none")
        String alg,
    @Option boolean wrongKey,
    @Option List<String> without)
    implements Checked {
  /** The claim that names the user. */
  public static final String USER_ID = "userId";

  /** Time to live of the original's tokens. */
  public static final Duration DAY = Duration.ofHours(24);

  /** A valid token: HS256, 24 hours. */
  public static final JwtPlan GOOD =
      new JwtPlan(
          DAY, Optional.empty(), Optional.empty(), Optional.empty(), "HS256", false, List.of());

  private static final List<String> CLAIMS = List.of(USER_ID, "iat", "exp");

  @Override
  public void check(SettingsReader reader) {
    if (!CLAIMS.containsAll(without)) {
      reader.error("without", "choose of " + String.join(", ", CLAIMS));
    }
  }

  /** Returns the plan with another time to live. */
  public JwtPlan lasting(Duration time) {
    return new JwtPlan(time, notBefore, issuer, audience, alg, wrongKey, without);
  }

  /** Returns the plan with a token that is valid only after a time from now. */
  public JwtPlan startingIn(Duration time) {
    return new JwtPlan(ttl, Optional.of(time), issuer, audience, alg, wrongKey, without);
  }

  /** Returns the plan with an issuer. */
  public JwtPlan by(String name) {
    return new JwtPlan(ttl, notBefore, Optional.of(name), audience, alg, wrongKey, without);
  }

  /** Returns the plan with an audience. */
  public JwtPlan meantFor(String name) {
    return new JwtPlan(ttl, notBefore, issuer, Optional.of(name), alg, wrongKey, without);
  }

  /** Returns the plan with another algorithm. */
  public JwtPlan signed(String way) {
    return new JwtPlan(ttl, notBefore, issuer, audience, way, wrongKey, without);
  }

  /** Returns the plan with another key than the shared one. */
  public JwtPlan signedByAnother() {
    return new JwtPlan(ttl, notBefore, issuer, audience, alg, true, without);
  }

  /** Returns the plan without some claims. */
  public JwtPlan lacking(String... claims) {
    return new JwtPlan(ttl, notBefore, issuer, audience, alg, wrongKey, List.of(claims));
  }
}
