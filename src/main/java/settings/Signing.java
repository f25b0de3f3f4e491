package settings;

import java.util.Arrays;
import java.util.List;

/** Signature algorithms of tokens; a ticker accepts only the first. */
public enum Signing {
  /** HMAC with SHA-256, by the shared key. */
  HS256("HS256"),
  /** HMAC with SHA-384, by the shared key. */
  HS384("HS384"),
  /** HMAC with SHA-512, by the shared key. */
  HS512("HS512"),
  /** RSA with SHA-256, by a key pair of its own. */
  RS256("RS256"),
  /** Not signed. */
  NONE("none");

  private final String word;

  Signing(String word) {
    this.word = word;
  }

  /** Returns the word in the token's header. */
  public String word() {
    return word;
  }

  /** Returns all words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Signing::word).toList();
  }
}
