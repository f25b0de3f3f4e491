package stack;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server is, as a user wrote it. Its text never shows the credentials.
 *
 * @param scheme as written
 * @param tls whether the scheme asks for it
 * @param user what stands before the colon, or alone, in front of the {@code @}
 * @param password what stands behind the colon
 */
record Address(
    String scheme,
    boolean tls,
    String host,
    int port,
    Optional<String> user,
    Optional<String> password) {

  /** An address on this machine, without credentials. */
  static Address local(String scheme, int port) {
    return new Address(scheme, false, Server.LOOPBACK, port, Optional.empty(), Optional.empty());
  }

  /**
   * Reads {@code scheme://[user[:password]@]host[:port][/…]}.
   *
   * @param schemes those allowed, and whether they mean TLS
   * @throws IllegalArgumentException if it is none; the message does not repeat it, because it may
   *     contain a password
   */
  static Address parse(String url, Map<String, Boolean> schemes, int defaultPort) {
    URI uri = URI.create(url);
    String scheme = uri.getScheme();
    if (scheme == null || !schemes.containsKey(scheme) || uri.getHost() == null) {
      throw new IllegalArgumentException("no such URL");
    }
    int port = uri.getPort() == -1 ? defaultPort : uri.getPort();
    String info = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
    int colon = info.indexOf(':');
    return new Address(
        scheme,
        schemes.get(scheme),
        uri.getHost(),
        port,
        decoded(colon < 0 ? info : info.substring(0, colon)),
        decoded(colon < 0 ? "" : info.substring(colon + 1)));
  }

  /** Without the credentials. */
  URI uri() {
    return URI.create(toString());
  }

  private static Optional<String> decoded(String raw) {
    // A plus is a plus here; only forms write a blank so.
    String text = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port;
  }
}
