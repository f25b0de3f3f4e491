package targets.ticker;

import java.util.Locale;

/** What is wrong with a token, in words that hold nothing of the token itself. */
enum TokenFault {
  /** Neither in the query nor in a header. */
  MISSING("a token is needed: /ws?token=... or Authorization: Bearer ..."),
  /** Longer than any token of ours. */
  TOO_LONG("the token is too long"),
  /** No token at all. */
  GARBAGE("this is no JSON web token"),
  /** Signed in another way, or not at all. */
  ALGORITHM("the token must be signed by HS256"),
  /** Signed by somebody else, or changed. */
  SIGNATURE("the token's signature does not hold"),
  /** Its time is over. */
  EXPIRED("the token has expired"),
  /** Its time has not come. */
  NOT_YET("the token does not hold yet"),
  /** By somebody else. */
  ISSUER("the token is by another issuer"),
  /** For somebody else. */
  AUDIENCE("the token is for another audience"),
  /** It does not say what it must. */
  CLAIM("the token must have userId, iat and exp");

  private final String reason;

  TokenFault(String reason) {
    this.reason = reason;
  }

  /** In a sentence. */
  String reason() {
    return reason;
  }

  /** As the metrics name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
