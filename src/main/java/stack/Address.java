package stack;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A server's address as a user wrote it. Its text never shows the credentials.
 *
 * @param tls whether the scheme requires it
 * @param user the name, or a token that stands alone
 */
record Address(
    String scheme,
    boolean tls,
    String host,
    int port,
    Optional<String> user,
    Optional<String> password) {

  /** Returns an address on this machine, without credentials. */
  static Address local(String scheme, int port) {
    return new Address(scheme, false, Server.LOOPBACK, port, Optional.empty(), Optional.empty());
  }

  /**
   * Reads {@code scheme://[user[:password]@]host[:port][/…]}.
   *
   * @param schemes allowed ones, and whether they mean TLS
   * @throws IllegalArgumentException for another text; its message does not contain the password
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

  /** Returns the same address for a connection that begins without TLS. */
  Address plain() {
    return new Address(scheme, false, host, port, user, password);
  }

  /** Returns the address without the credentials. */
  URI uri() {
    return URI.create(toString());
  }

  private static Optional<String> decoded(String raw) {
    // A plus stands for a blank in forms only.
    String text = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port;
  }
}
