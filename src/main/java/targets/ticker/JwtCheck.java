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
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;
import settings.TokenKey;
import settings.TokenPlan;

/**
 * Accepts HS256 and nothing else; checks signature, expiry, not-before, issued-at, issuer and
 * audience if they are set, and the claims {@code userId}, {@code iat} and {@code exp}. The
 * library's exceptions are not passed on, because some hold parts of the token. Thread-safe.
 */
public final class JwtCheck implements TokenCheck {
  /** The longest token; the bundled ones have some 200 characters. */
  static final int LENGTH_MAX = 4096;

  /** The longest name of a user. */
  static final int USER_LENGTH_MAX = 128;

  private final JWTVerifier verifier;

  /**
   * @param key that all tokens must be signed by
   * @param issuer that they must name, if any
   * @param audience that they must name, if any
   * @param wall the time of day
   */
  JwtCheck(TokenKey key, Optional<String> issuer, Optional<String> audience, InstantSource wall) {
    Verification rules =
        JWT.require(Algorithm.HMAC256(key.bytes()))
            .withClaimPresence(TokenPlan.USER_ID)
            .withClaimPresence("iat")
            .withClaimPresence("exp");
    issuer.ifPresent(rules::withIssuer);
    audience.ifPresent(rules::withAnyOfAudience);
    verifier = ((BaseVerification) rules).build(wall.withZone(ZoneOffset.UTC));
  }

  @Override
  public Verdict check(String token) {
    return token.isEmpty() ? new Verdict.Bad(Fault.MISSING) : check(token, verifier::verify);
  }

  /**
   * Decodes a token and checks its claims.
   *
   * @param rule checks everything else; throws what the library throws
   */
  public static Verdict check(String token, Function<DecodedJWT, DecodedJWT> rule) {
    if (token.length() > LENGTH_MAX) {
      return new Verdict.Bad(Fault.TOO_LONG);
    }
    try {
      return claims(rule.apply(JWT.decode(token)));
    } catch (JWTVerificationException e) {
      return new Verdict.Bad(fault(e));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      return new Verdict.Bad(Fault.GARBAGE); // For example a time out of range.
    }
  }

  private static Verdict claims(DecodedJWT token) {
    String user = token.getClaim(TokenPlan.USER_ID).asString();
    boolean good = user != null && !user.isBlank() && user.length() <= USER_LENGTH_MAX;
    // Critical headers must be understood (RFC 7515, section 4.1.11); none is understood here.
    if (!good
        || token.getExpiresAtAsInstant() == null
        || !token.getHeaderClaim("crit").isMissing()) {
      return new Verdict.Bad(Fault.CLAIM);
    }
    return new Verdict.Good(user, token.getExpiresAtAsInstant().getEpochSecond());
  }

  private static Fault fault(JWTVerificationException e) {
    if (e instanceof AlgorithmMismatchException) {
      return Fault.ALGORITHM;
    }
    if (e instanceof SignatureVerificationException) {
      return Fault.SIGNATURE;
    }
    if (e instanceof TokenExpiredException) {
      return Fault.EXPIRED;
    }
    if (e instanceof MissingClaimException missing) {
      return fault(missing.getClaimName(), Fault.CLAIM);
    }
    if (e instanceof IncorrectClaimException wrong) {
      return fault(wrong.getClaimName(), Fault.NOT_YET); // nbf or iat.
    }
    return Fault.GARBAGE;
  }

  private static Fault fault(String claim, Fault ofOthers) {
    return switch (String.valueOf(claim)) {
      case "iss" -> Fault.ISSUER;
      case "aud" -> Fault.AUDIENCE;
      default -> ofOthers;
    };
  }
}
