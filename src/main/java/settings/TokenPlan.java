package settings;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a token is to say, and what is wrong with it. Immutable.
 *
 * @param ttl from now to its expiry; below zero for a token that has expired
 * @param startsIn from now to when it holds, if it says so
 * @param issuer who made it, if it says so
 * @param audience whom it is for, if it says so
 * @param signing how it is signed
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

  /** As long as the original's tokens hold. */
  public static final Duration DAY = Duration.ofHours(24);

  /** A token that is right in every way: HS256, 24 hours. */
  public static final TokenPlan GOOD =
      new TokenPlan(
          DAY,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Signing.HS256,
          false,
          Set.of());

  /** Copies what it is given. */
  public TokenPlan {
    without = Set.copyOf(without);
  }

  /** The same for another length of time. */
  public TokenPlan lasting(Duration time) {
    return new TokenPlan(time, startsIn, issuer, audience, signing, wrongKey, without);
  }

  /** The same, but it does not hold before so long from now. */
  public TokenPlan startingIn(Duration time) {
    return new TokenPlan(ttl, Optional.of(time), issuer, audience, signing, wrongKey, without);
  }

  /** The same by an issuer. */
  public TokenPlan by(String name) {
    return new TokenPlan(ttl, startsIn, Optional.of(name), audience, signing, wrongKey, without);
  }

  /** The same for an audience. */
  public TokenPlan meantFor(String name) {
    return new TokenPlan(ttl, startsIn, issuer, Optional.of(name), signing, wrongKey, without);
  }

  /** The same, signed in another way. */
  public TokenPlan signed(Signing way) {
    return new TokenPlan(ttl, startsIn, issuer, audience, way, wrongKey, without);
  }

  /** The same, signed by a key that is not the shared one. */
  public TokenPlan signedByAnother() {
    return new TokenPlan(ttl, startsIn, issuer, audience, signing, true, without);
  }

  /** The same without some claims. */
  public TokenPlan lacking(String... claims) {
    return new TokenPlan(ttl, startsIn, issuer, audience, signing, wrongKey, Set.of(claims));
  }
}
