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
import java.util.Map;

/** Creates JSON web tokens (JWTs). Thread-safe. */
public final class JwtMint {
  private static final int RSA_BITS = 2048;

  private final Algorithm algorithm;
  private final JwtPlan plan;
  private final InstantSource wall;

  /**
   * @param key signs, unless the plan has another signature
   * @param plan content and signature of every token
   * @param wall the clock
   */
  public JwtMint(JwtKey key, JwtPlan plan, InstantSource wall) {
    String secret = (plan.wrongKey() ? "another " : "") + key.secret();
    this.algorithm =
        switch (plan.alg()) {
          case "HS256" -> Algorithm.HMAC256(secret);
          case "HS384" -> Algorithm.HMAC384(secret);
          case "HS512" -> Algorithm.HMAC512(secret);
          case "RS256" -> rsa();
          case "none" -> Algorithm.none();
          default -> throw new IllegalArgumentException("no algorithm " + plan.alg());
        };
    this.plan = plan;
    this.wall = wall;
  }

  /** Returns a token for a user, in its compact form. */
  public String mint(String user) {
    Instant now = wall.instant();
    Map<String, Object> claims = new HashMap<>(plan.claims());
    claims.replaceAll(
        (name, value) ->
            value instanceof Duration time ? (Object) now.plus(time).getEpochSecond() : value);
    claims.replace(JwtPlan.USER_ID, user);
    return JWT.create().withPayload(claims).sign(algorithm);
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
