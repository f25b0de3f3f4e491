package settings;

import java.util.Arrays;
import java.util.List;

/** How a token is signed; a ticker takes the first and no other. */
public enum Signing {
  /** HMAC with SHA-256, by the shared key. */
  HS256("HS256"),
  /** HMAC with SHA-384, by the shared key. */
  HS384("HS384"),
  /** HMAC with SHA-512, by the shared key. */
  HS512("HS512"),
  /** RSA with SHA-256, by a key pair made for the occasion. */
  RS256("RS256"),
  /** Not at all. */
  NONE("none");

  private final String word;

  Signing(String word) {
    this.word = word;
  }

  /** As the token's header writes it. */
  public String word() {
    return word;
  }

  /** Every word that {@link #word} may give. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Signing::word).toList();
  }
}
