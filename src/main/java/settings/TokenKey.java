package settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The secret that signs and verifies tokens. Immutable; neither {@link #toString} nor any message
 * contains it.
 */
public final class TokenKey {
  /** The fewest bytes of a key for HMAC-SHA-256 (RFC 7518, section 3.2). */
  public static final int BYTES_MIN = 32;

  /** Public, as it stands here: for loopback only. */
  private static final TokenKey OF_DEVELOPMENT =
      new TokenKey(
          "gauntlet: a secret for loopback, which is none".getBytes(StandardCharsets.UTF_8));

  private final byte[] bytes;

  private TokenKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the public key for development. */
  public static TokenKey ofDevelopment() {
    return OF_DEVELOPMENT;
  }

  /** Returns the user's own key; empty if it has fewer than {@value #BYTES_MIN} bytes of UTF-8. */
  public static Optional<TokenKey> of(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return bytes.length < BYTES_MIN ? Optional.empty() : Optional.of(new TokenKey(bytes));
  }

  /** Returns the user's own key, as the value of an option. */
  static TokenKey parse(String secret) {
    return of(secret).orElseThrow(TokenKey::tooShort);
  }

  /** Returns the error of a key that is too short. */
  public static IllegalArgumentException tooShort() {
    return new IllegalArgumentException("a secret has at least " + BYTES_MIN + " bytes");
  }

  /**
   * Returns the key in a file: its first line.
   *
   * @return empty if the line is shorter than {@value #BYTES_MIN} bytes
   * @throws IOException if the file cannot be read
   */
  public static Optional<TokenKey> in(Path file) throws IOException {
    return of(Files.readString(file).lines().findFirst().orElse("").strip());
  }

  /** Returns a copy of the key's bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns true for the public key for development. */
  public boolean isOfDevelopment() {
    return Arrays.equals(bytes, OF_DEVELOPMENT.bytes);
  }

  /** Returns another key, as an attacker would use. */
  TokenKey other() {
    byte[] other = bytes.clone();
    other[0] ^= 1;
    return new TokenKey(other);
  }

  @Override
  public String toString() {
    return "a key of " + bytes.length + " bytes";
  }
}
