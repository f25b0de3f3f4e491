package targets.auction.bid;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script and the name by which Redis knows it.
 *
 * @param text in Lua
 * @param sha its SHA-1 in hexadecimal, as bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
record Script(byte[] text, byte[] sha) {
  /** A script of this text. */
  static Script of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes);
      return new Script(
          bytes, HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-1", e);
    }
  }

  /** The text of a script that comes with the program. */
  static String resource(String name) {
    try (InputStream in = Script.class.getResourceAsStream("/auction/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of the program itself", e);
    }
  }
}
