package settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The secret that signs tokens and checks them. Immutable; {@link #toString} does not tell it, and
 * neither does any message.
 */
public final class TokenKey {
  /** The fewest bytes of a key for HMAC-SHA-256 (RFC 7518, section 3.2). */
  public static final int BYTES_MIN = 32;

  /** Known to everybody who reads this: for loopback only. */
  private static final TokenKey OF_DEVELOPMENT =
      new TokenKey(
          "gauntlet: a secret for loopback, which is none".getBytes(StandardCharsets.UTF_8));

  private final byte[] bytes;

  private TokenKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The key that everybody knows. */
  public static TokenKey ofDevelopment() {
    return OF_DEVELOPMENT;
  }

  /** A key of the user's own; empty if it has fewer than {@value #BYTES_MIN} bytes of UTF-8. */
  public static Optional<TokenKey> of(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return bytes.length < BYTES_MIN ? Optional.empty() : Optional.of(new TokenKey(bytes));
  }

  /**
   * The key in a file: its first line.
   *
   * @return empty if the line is shorter than {@value #BYTES_MIN} bytes
   * @throws IOException if the file cannot be read
   */
  public static Optional<TokenKey> in(Path file) throws IOException {
    return of(Files.readString(file).lines().findFirst().orElse("").strip());
  }

  /** A copy of the key's bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** True for the key that everybody knows. */
  public boolean isOfDevelopment() {
    return Arrays.equals(bytes, OF_DEVELOPMENT.bytes);
  }

  /** Another key, as somebody who does not know this one would have. */
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
