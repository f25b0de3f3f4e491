package stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file in an artifact on the class path.
 *
 * @param resource its name, with a leading slash
 */
record Packaged(String resource) {
  private static final int KEY_BYTES = 6;

  boolean exists() {
    return Packaged.class.getResource(resource) != null;
  }

  InputStream open() {
    return Packaged.class.getResourceAsStream(resource);
  }

  /** Twelve digits of its content's SHA-256: the key of what is unpacked from it. */
  String key() throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream content = new DigestInputStream(open(), sha256)) {
      content.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha256.digest(), 0, KEY_BYTES);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
