package targets.ticker;

/** Judges the tokens of clients; a seam for decorators. Thread-safe. */
@FunctionalInterface
public interface TokenCheck {
  /** Defects of a token, in words that hold nothing of the token itself. */
  enum Fault {
    /** Neither in the query nor in a header. */
    MISSING("a token is needed: /ws?token=... or Authorization: Bearer ..."),
    /** Above the length limit. */
    TOO_LONG("the token is too long"),
    /** Not a token at all. */
    GARBAGE("this is no JSON web token"),
    /** Signed by another algorithm, or not at all. */
    ALGORITHM("the token must be signed by HS256"),
    /** Signed by another key, or changed. */
    SIGNATURE("the token's signature does not match"),
    /** Past its expiry. */
    EXPIRED("the token has expired"),
    /** Before its first time. */
    NOT_YET("the token is not valid yet"),
    /** Of another issuer. */
    ISSUER("the token is by another issuer"),
    /** For another audience. */
    AUDIENCE("the token is for another audience"),
    /** Without a claim that is required. */
    CLAIM("the token must have userId, iat and exp");

    private final String reason;

    Fault(String reason) {
      this.reason = reason;
    }

    /** Returns the reason as a sentence. */
    public String reason() {
      return reason;
    }
  }

  /** The result of a check. */
  sealed interface Verdict {
    /**
     * A valid token.
     *
     * @param user of the token
     * @param expiresS expiry in seconds since 1970
     */
    record Good(String user, long expiresS) implements Verdict {}

    /** A token that is refused. */
    record Bad(Fault fault) implements Verdict {}
  }

  /**
   * Checks a token.
   *
   * @param token in its compact form; empty for none
   */
  Verdict check(String token);
}
