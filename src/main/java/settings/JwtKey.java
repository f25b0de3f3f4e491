package settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The secret that signs and verifies JSON web tokens (JWTs). Neither {@link #toString} nor any
 * message contains it.
 */
public record JwtKey(String secret) {
  /** The fewest bytes of a key for HMAC-SHA-256 (RFC 7518, section 3.2). */
  public static final int BYTES_MIN = 32;

  /** Public, as it stands here: for loopback only. */
  public static final JwtKey OF_DEVELOPMENT =
      new JwtKey("gauntlet: a secret for loopback, which is none");

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
      if (secret.isPresent() && secretFile.isPresent()) {
        reader.error("secret-file", "there is a --secret too; give one of them");
      }
    }

    /** Returns true for the public key for development, given or by default; false for errors. */
    public boolean isOfDevelopment(SettingsReader reader) {
      boolean isRead = secret.isPresent() || secretFile.isPresent();
      boolean isAbsent =
          Stream.of("secret", "secret-file").allMatch(it -> reader.optionalText(it).isEmpty());
      return key().isOfDevelopment() && (isRead || isAbsent);
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

  /**
   * Returns the user's own key.
   *
   * @throws IllegalArgumentException if it has fewer than {@value #BYTES_MIN} bytes of UTF-8
   */
  public static JwtKey parse(String secret) {
    JwtKey key = new JwtKey(secret);
    if (key.bytes().length < BYTES_MIN) {
      throw new IllegalArgumentException("a secret has at least " + BYTES_MIN + " bytes");
    }
    return key;
  }

  public byte[] bytes() {
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns true for the public key for development. */
  public boolean isOfDevelopment() {
    return equals(OF_DEVELOPMENT);
  }

  @Override
  public String toString() {
    return "a key of " + bytes().length + " bytes";
  }
}
