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
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import settings.TokenKey;
import settings.TokenPlan;
import targets.shared.Defects;

/**
 * Decides who may come in: HS256 and nothing else, signature, expiry, not-before, issued-at, issuer
 * and audience if they are set, and the claims {@code userId}, {@code iat} and {@code exp}. No
 * exception of the library is passed on, for some hold parts of the token. Thread-safe.
 */
final class TokenGate {
  /** A token of ours has some 200 characters. */
  static final int LENGTH_MAX = 4096;

  /** The longest name of a user. */
  static final int USER_LENGTH_MAX = 128;

  private static final String NONE = "none";
  private static final long EVER_S = Long.MAX_VALUE / 1_000_000_000;

  /** What a token is worth. */
  sealed interface Verdict {
    /**
     * It holds.
     *
     * @param user whose it is
     * @param expiresS until when, in seconds since 1970
     */
    record Good(String user, long expiresS) implements Verdict {}

    /** It does not. */
    record Bad(TokenFault fault) implements Verdict {}
  }

  private final JWTVerifier verifier;
  private final boolean anything;
  private final boolean unsigned;
  private final boolean forever;

  /**
   * @param key that all tokens must be signed by
   * @param issuer that they must name, if any
   * @param audience that they must name, if any
   * @param defects planted mistakes
   * @param wall tells the time
   */
  TokenGate(
      TokenKey key,
      Optional<String> issuer,
      Optional<String> audience,
      Defects defects,
      InstantSource wall) {
    anything = defects.has(TickerDefects.ACCEPT_ANY_TOKEN);
    unsigned = defects.has(TickerDefects.ACCEPT_ALG_NONE);
    forever = defects.has(TickerDefects.NO_EXPIRY_CHECK);
    Verification rules =
        JWT.require(Algorithm.HMAC256(key.bytes()))
            .withClaimPresence(TokenPlan.USER_ID)
            .withClaimPresence("iat")
            .withClaimPresence("exp");
    issuer.ifPresent(rules::withIssuer);
    audience.ifPresent(rules::withAnyOfAudience);
    if (forever) {
      rules.acceptExpiresAt(Integer.MAX_VALUE);
    }
    verifier = ((BaseVerification) rules).build(wall.withZone(ZoneOffset.UTC));
  }

  /**
   * Looks at a token.
   *
   * @param token in its compact form; empty for none
   */
  Verdict judge(String token) {
    if (anything) {
      return new Verdict.Good("anonymous", EVER_S);
    }
    if (token.isEmpty()) {
      return new Verdict.Bad(TokenFault.MISSING);
    }
    if (token.length() > LENGTH_MAX) {
      return new Verdict.Bad(TokenFault.TOO_LONG);
    }
    try {
      DecodedJWT decoded = JWT.decode(token);
      boolean passes = unsigned && NONE.equalsIgnoreCase(decoded.getAlgorithm());
      return judge(passes ? decoded : verifier.verify(decoded));
    } catch (JWTVerificationException e) {
      return new Verdict.Bad(fault(e));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      return new Verdict.Bad(TokenFault.GARBAGE); // A time beyond all times, or the like.
    }
  }

  private Verdict judge(DecodedJWT token) {
    Claim user = token.getClaim(TokenPlan.USER_ID);
    String name = user.asString();
    boolean good = name != null && !name.isBlank() && name.length() <= USER_LENGTH_MAX;
    // What must be understood to be judged (RFC 7515, section 4.1.11) is not understood here.
    if (!good || token.getExpiresAtAsInstant() == null || has(token, "crit")) {
      return new Verdict.Bad(TokenFault.CLAIM);
    }
    return new Verdict.Good(
        name, forever ? EVER_S : token.getExpiresAtAsInstant().getEpochSecond());
  }

  private static boolean has(DecodedJWT token, String header) {
    return !token.getHeaderClaim(header).isMissing();
  }

  private static TokenFault fault(JWTVerificationException e) {
    if (e instanceof AlgorithmMismatchException) {
      return TokenFault.ALGORITHM;
    }
    if (e instanceof SignatureVerificationException) {
      return TokenFault.SIGNATURE;
    }
    if (e instanceof TokenExpiredException) {
      return TokenFault.EXPIRED;
    }
    if (e instanceof MissingClaimException missing) {
      return fault(missing.getClaimName(), TokenFault.CLAIM);
    }
    if (e instanceof IncorrectClaimException wrong) {
      return fault(wrong.getClaimName(), TokenFault.NOT_YET); // nbf or iat.
    }
    return TokenFault.GARBAGE;
  }

  private static TokenFault fault(String claim, TokenFault ofOthers) {
    return switch (String.valueOf(claim)) {
      case "iss" -> TokenFault.ISSUER;
      case "aud" -> TokenFault.AUDIENCE;
      default -> ofOthers;
    };
  }
}
