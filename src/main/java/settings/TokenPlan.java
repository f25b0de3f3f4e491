package settings;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Content and signature of a token, valid or not. Immutable.
 *
 * @param ttl from now to its expiry; negative for an expired token
 * @param startsIn from now to its {@code nbf} claim, if it has one
 * @param issuer its {@code iss} claim, if it has one
 * @param audience its {@code aud} claim, if it has one
 * @param signing the algorithm
 * @param wrongKey signed by a key that is not the shared one
 * @param without claims that are left out, of {@code userId}, {@code iat}, {@code exp}
 */
public record TokenPlan(
    Duration ttl,
    Optional<Duration> startsIn,
    Optional<String> issuer,
    Optional<String> audience,
    Signing signing,
    boolean wrongKey,
    Set<String> without) {
  /** The claim that names the user. */
  public static final String USER_ID = "userId";

  /** Time to live of the original's tokens. */
  public static final Duration DAY = Duration.ofHours(24);

  /** A valid token: HS256, 24 hours. */
  public static final TokenPlan GOOD =
      new TokenPlan(
          DAY,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Signing.HS256,
          false,
          Set.of());

  /** Copies the set. */
  public TokenPlan {
    without = Set.copyOf(without);
  }

  /** Returns the plan with another time to live. */
  public TokenPlan lasting(Duration time) {
    return new TokenPlan(time, startsIn, issuer, audience, signing, wrongKey, without);
  }

  /** Returns the plan with a token that is valid only after a time from now. */
  public TokenPlan startingIn(Duration time) {
    return new TokenPlan(ttl, Optional.of(time), issuer, audience, signing, wrongKey, without);
  }

  /** Returns the plan with an issuer. */
  public TokenPlan by(String name) {
    return new TokenPlan(ttl, startsIn, Optional.of(name), audience, signing, wrongKey, without);
  }

  /** Returns the plan with an audience. */
  public TokenPlan meantFor(String name) {
    return new TokenPlan(ttl, startsIn, issuer, Optional.of(name), signing, wrongKey, without);
  }

  /** Returns the plan with another algorithm. */
  public TokenPlan signed(Signing way) {
    return new TokenPlan(ttl, startsIn, issuer, audience, way, wrongKey, without);
  }

  /** Returns the plan with another key than the shared one. */
  public TokenPlan signedByAnother() {
    return new TokenPlan(ttl, startsIn, issuer, audience, signing, true, without);
  }

  /** Returns the plan without some claims. */
  public TokenPlan lacking(String... claims) {
    return new TokenPlan(ttl, startsIn, issuer, audience, signing, wrongKey, Set.of(claims));
  }
}
