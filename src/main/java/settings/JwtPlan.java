package settings;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Content and signature of a JSON web token (JWT), valid or not, as {@link JwtMint} creates it;
 * derived from {@link #GOOD}. Immutable.
 *
 * @param alg signature: HS256, which alone a ticker accepts, HS384, HS512, RS256 or none
 * @param wrongKey signed by a key that is not the shared one
 * @param claims by name; a Duration is a time from now, and the user's name is filled in
 */
public record JwtPlan(String alg, boolean wrongKey, Map<String, Object> claims) {
  /** The claim that names the user. */
  public static final String USER_ID = "userId";

  /** Time to live of the original's tokens. */
  public static final Duration DAY = Duration.ofHours(24);

  /** A valid token: HS256, 24 hours. */
  public static final JwtPlan GOOD =
      new JwtPlan("HS256", false, Map.of(USER_ID, "", "iat", Duration.ZERO, "exp", DAY));

  /** Returns the plan with another time to live; a negative one is that of an expired token. */
  public JwtPlan lasting(Duration time) {
    // An expired token was issued before its expiry.
    Duration made = time.isNegative() ? time.minus(DAY) : Duration.ZERO;
    return with("iat", made).with("exp", time);
  }

  /** Returns the plan with a claim, such as {@code iss}; a Duration is a time from now. */
  public JwtPlan with(String claim, Object value) {
    Map<String, Object> more = new HashMap<>(claims);
    more.put(claim, value);
    return new JwtPlan(alg, wrongKey, more);
  }

  /** Returns the plan without some claims. */
  public JwtPlan lacking(String... names) {
    Map<String, Object> fewer = new HashMap<>(claims);
    fewer.keySet().removeAll(List.of(names));
    return new JwtPlan(alg, wrongKey, fewer);
  }

  /** Returns the plan with another algorithm. */
  public JwtPlan signed(String algorithm) {
    return new JwtPlan(algorithm, wrongKey, claims);
  }

  /** Returns the plan with another key than the shared one. */
  public JwtPlan signedByAnother() {
    return new JwtPlan(alg, true, claims);
  }
}
