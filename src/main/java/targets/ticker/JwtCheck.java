package targets.ticker;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.JWTVerifier.BaseVerification;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.AlgorithmMismatchException;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import settings.JwtKey;
import settings.JwtPlan;

/**
 * Accepts HS256 and nothing else; checks signature, expiry, not-before, issued-at, issuer and
 * audience if they are set, and the claims {@code userId}, {@code iat} and {@code exp}. The
 * library's exceptions are not passed on, because some hold parts of the token. Thread-safe.
 */
public final class JwtCheck {
  /** The longest token; the bundled ones have some 200 characters. */
  static final int LENGTH_MAX = 4096;

  private static final int USER_LENGTH_MAX = 128;

  private static final Map<Class<?>, Fault> FAULTS =
      Map.of(
          AlgorithmMismatchException.class, Fault.ALGORITHM,
          SignatureVerificationException.class, Fault.SIGNATURE,
          TokenExpiredException.class, Fault.EXPIRED);

  private final JWTVerifier verifier;
  private final long leewayS;

  /** Faults of a token, in words that hold nothing of the token itself. */
  public enum Fault {
    MISSING("a token is needed: /ws?token=..., Authorization: Bearer ... or a subprotocol"),
    TOO_LONG("the token is too long"),
    GARBAGE("this is no JSON web token"),
    ALGORITHM("the token must be signed by HS256"),
    SIGNATURE("the token's signature does not match"),
    EXPIRED("the token has expired"),
    NOT_YET("the token is not valid yet"),
    ISSUER("the token is by another issuer"),
    AUDIENCE("the token is for another audience"),
    CLAIM("the token must have userId, iat and exp");

    final String reason;

    Fault(String reason) {
      this.reason = reason;
    }
  }

  public sealed interface Verdict {}

  /** A valid token, with its expiry in seconds since 1970. */
  public record Good(String user, long expiresS) implements Verdict {}

  public record Bad(Fault fault) implements Verdict {}

  /**
   * Checks tokens of this key, and of this issuer and for this audience if they are set.
   *
   * @param leeway by which clocks may differ, whole seconds
   */
  JwtCheck(
      JwtKey key,
      Optional<String> issuer,
      Optional<String> audience,
      Duration leeway,
      InstantSource wall) {
    leewayS = leeway.toSeconds();
    Verification rules =
        JWT.require(Algorithm.HMAC256(key.bytes()))
            .withClaimPresence(JwtPlan.USER_ID)
            .withClaimPresence("iat")
            .withClaimPresence("exp")
            .acceptLeeway(leewayS);
    issuer.ifPresent(rules::withIssuer);
    audience.ifPresent(rules::withAnyOfAudience);
    verifier = ((BaseVerification) rules).build(wall.withZone(ZoneOffset.UTC));
  }

  /** Checks a token in its compact form; empty for none. */
  Verdict check(String token) {
    Verdict verdict = token.isEmpty() ? new Bad(Fault.MISSING) : check(token, verifier::verify);
    return verdict instanceof Good good ? new Good(good.user, good.expiresS + leewayS) : verdict;
  }

  /**
   * Decodes a token and checks its claims.
   *
   * @param rule checks everything else; throws what the library throws
   */
  public static Verdict check(String token, UnaryOperator<DecodedJWT> rule) {
    if (token.length() > LENGTH_MAX) {
      return new Bad(Fault.TOO_LONG);
    }
    try {
      return claims(rule.apply(JWT.decode(token)));
    } catch (JWTVerificationException e) {
      return new Bad(fault(e));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      return new Bad(Fault.GARBAGE); // For example a time out of range.
    }
  }

  private static Verdict claims(DecodedJWT token) {
    String user = token.getClaim(JwtPlan.USER_ID).asString();
    // Critical headers must be understood (RFC 7515, section 4.1.11); none is understood here.
    boolean good = user != null && isUser(user) && token.getHeaderClaim("crit").isMissing();
    return good && token.getExpiresAtAsInstant() != null
        ? new Good(user, token.getExpiresAtAsInstant().getEpochSecond())
        : new Bad(Fault.CLAIM);
  }

  static boolean isUser(String name) {
    return !name.isBlank() && name.length() <= USER_LENGTH_MAX;
  }

  private static Fault fault(JWTVerificationException e) {
    if (e instanceof MissingClaimException missing) {
      return fault(missing.getClaimName(), Fault.CLAIM);
    }
    if (e instanceof IncorrectClaimException wrong) {
      return fault(wrong.getClaimName(), Fault.NOT_YET); // nbf or iat.
    }
    return FAULTS.getOrDefault(e.getClass(), Fault.GARBAGE);
  }

  private static Fault fault(String claim, Fault ofOthers) {
    return switch (String.valueOf(claim)) {
      case "iss" -> Fault.ISSUER;
      case "aud" -> Fault.AUDIENCE;
      default -> ofOthers;
    };
  }
}
