package targets.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/**
 * Which headers end at this hop (RFC 9110 section 7.6.1), and which it adds. Pure.
 *
 * <p>{@code Transfer-Encoding} is removed too: the caller writes its own framing.
 */
final class HopByHop {
  private static final String PSEUDONYM = "gauntlet";
  private static final List<String> NAMES =
      List.of(
          ("connection keep-alive proxy-connection proxy-authenticate proxy-authorization"
                  + " proxy-authentication-info te trailer transfer-encoding upgrade")
              .split(" ", -1));

  private HopByHop() {}

  /** Removes every header that concerns one connection only, those named by Connection first. */
  static void strip(HttpHeaders headers) {
    for (String line : headers.getAll(HttpHeaderNames.CONNECTION)) {
      for (String name : line.split(",", -1)) {
        if (!name.isBlank()) {
          headers.remove(name.strip());
        }
      }
    }
    NAMES.forEach(headers::remove);
  }

  /** Adds this hop, which received a version such as {@code HTTP/1.1}, to {@code Via}. */
  static void addVia(HttpHeaders headers, String version) {
    append(headers, HttpHeaderNames.VIA, version.substring("HTTP/".length()) + " " + PSEUDONYM);
  }

  static void addForwardedFor(HttpHeaders headers, String address) {
    append(headers, "x-forwarded-for", address);
  }

  /** Returns true if chunked is the only transfer coding. */
  static boolean isChunked(List<String> codings) {
    return codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked");
  }

  private static void append(HttpHeaders headers, CharSequence name, String value) {
    List<String> values = new ArrayList<>(headers.getAll(name));
    values.add(value);
    headers.set(name, String.join(", ", values));
  }
}
