package settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The secret that signs and verifies JSON web tokens (JWTs). Immutable; neither {@link #toString}
 * nor any message contains it.
 */
public final class JwtKey {
  /** The fewest bytes of a key for HMAC-SHA-256 (RFC 7518, section 3.2). */
  public static final int BYTES_MIN = 32;

  /** Public, as it stands here: for loopback only. */
  private static final JwtKey OF_DEVELOPMENT =
      new JwtKey("gauntlet: a secret for loopback, which is none".getBytes(StandardCharsets.UTF_8));

  private final byte[] bytes;

  /**
   * The options of the key. No error holds the secret or a part of it.
   *
   * @param secretFile the file whose first line is the secret
   */
  public record Source(
      @Option(help = "key of the tokens: 32 bytes or more; loopback has a default")
          Optional<JwtKey> secret,
      @Option(help = "file whose first line is the secret") Optional<OfFile> secretFile)
      implements Checked {
    @Override
    public void check(SettingsReader reader) {
      if (isGiven(reader, "secret") && isGiven(reader, "secret-file")) {
        reader.error("secret-file", "there is a --secret too; give one of them");
      }
    }

    /** Returns true for the public key for development, given or by default; false for errors. */
    public boolean isOfDevelopment(SettingsReader reader) {
      boolean isGiven = isGiven(reader, "secret") || isGiven(reader, "secret-file");
      return key().isOfDevelopment() && (!isGiven || secret.isPresent() || secretFile.isPresent());
    }

    private static boolean isGiven(SettingsReader reader, String option) {
      return reader.optionalText(option).isPresent();
    }

    /** Returns the key; by default that for development. */
    public JwtKey key() {
      return secret.or(() -> secretFile.map(OfFile::key)).orElse(OF_DEVELOPMENT);
    }
  }

  /** The key in a file. */
  public record OfFile(JwtKey key) {
    static OfFile parse(String file) {
      try {
        return new OfFile(
            JwtKey.parse(Files.readString(Path.of(file)).lines().findFirst().orElse("").strip()));
      } catch (IOException | InvalidPathException e) {
        throw new IllegalArgumentException("'" + file + "' cannot be read", e);
      }
    }
  }

  private JwtKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the public key for development. */
  public static JwtKey ofDevelopment() {
    return OF_DEVELOPMENT;
  }

  /**
   * Returns the user's own key.
   *
   * @throws IllegalArgumentException if it has fewer than {@value #BYTES_MIN} bytes of UTF-8
   */
  public static JwtKey parse(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < BYTES_MIN) {
      throw new IllegalArgumentException("a secret has at least " + BYTES_MIN + " bytes");
    }
    return new JwtKey(bytes);
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
  JwtKey other() {
    byte[] other = bytes.clone();
    other[0] ^= 1;
    return new JwtKey(other);
  }

  @Override
  public String toString() {
    return "a key of " + bytes.length + " bytes";
  }
}
