package settings;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Content and signature of a JSON web token (JWT), valid or not, as {@link #mint} creates it;
 * derived from {@link #GOOD}. Immutable.
 *
 * @param alg signature: HS256, which alone a ticker accepts, HS384, HS512, RS256 or none
 * @param wrongKey signed by a key that is not the shared one
 * @param claims by name; a Duration is a time from now, and the user's name is filled in
 */
public record JwtPlan(String alg, boolean wrongKey, Map<String, Object> claims) {
  private static final int RSA_BITS = 2048;

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

  /**
   * Returns a function that makes a token for a user, in its compact form; thread-safe.
   *
   * @param key signs, unless the plan has another signature
   */
  public UnaryOperator<String> mint(JwtKey key, InstantSource wall) {
    String secret = (wrongKey ? "another " : "") + key.secret();
    Algorithm algorithm =
        switch (alg) {
          case "HS256" -> Algorithm.HMAC256(secret);
          case "HS384" -> Algorithm.HMAC384(secret);
          case "HS512" -> Algorithm.HMAC512(secret);
          case "RS256" -> rsa();
          case "none" -> Algorithm.none();
          default -> throw new IllegalArgumentException("no algorithm " + alg);
        };
    return user -> {
      Instant now = wall.instant();
      Map<String, Object> own = new HashMap<>(claims);
      own.replaceAll(
          (name, value) ->
              value instanceof Duration time ? (Object) now.plus(time).getEpochSecond() : value);
      own.replace(USER_ID, user);
      return JWT.create().withPayload(own).sign(algorithm);
    };
  }

  private static Algorithm rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS);
      KeyPair pair = generator.generateKeyPair();
      return Algorithm.RSA256((RSAPublicKey) pair.getPublic(), (RSAPrivateKey) pair.getPrivate());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has RSA", e);
    }
  }
}
