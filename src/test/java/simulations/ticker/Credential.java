package simulations.ticker;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a user's token goes in the request of a socket.
 *
 * @param name of the header, or of the parameter of the query
 * @param template of its value, with {@code #{token}}
 */
record Credential(Place place, String name, String template) {
  private static final String TOKEN = "#{token}";
  private static final Pattern FORM =
      Pattern.compile("\\?([^=&\\s]+)=(.*)|([A-Za-z0-9-]+):\\s*(.*)");

  enum Place {
    HEADER,
    QUERY,
    SUBPROTOCOL
  }

  /**
   * Parses {@code Authorization: Bearer #{token}} or another header, of which {@code
   * Sec-WebSocket-Protocol: #{token}} is a subprotocol, also one without a token, or {@code
   * ?token=#{token}}.
   */
  static Credential parse(String text) {
    Matcher form = FORM.matcher(text);
    boolean isProtocol = form.matches() && "Sec-WebSocket-Protocol".equalsIgnoreCase(form.group(3));
    if (!form.matches() || !(text.contains(TOKEN) || isProtocol)) {
      throw new IllegalArgumentException(
          "'%s' is no place of a token; write Authorization: Bearer %2$s, ?token=%2$s or"
                  .formatted(text, TOKEN)
              + " Sec-WebSocket-Protocol: "
              + TOKEN);
    }
    if (form.group(1) != null) {
      return new Credential(Place.QUERY, form.group(1), form.group(2));
    }
    return new Credential(
        isProtocol ? Place.SUBPROTOCOL : Place.HEADER, form.group(3), form.group(4));
  }

  String value(String token) {
    return template.replace(TOKEN, token);
  }

  /** Returns the address of a socket, with the token if it goes there. */
  String url(URI socket, String token) {
    if (place != Place.QUERY) {
      return socket.toString();
    }
    String parameter = name + "=" + URLEncoder.encode(value(token), StandardCharsets.UTF_8);
    return socket + (socket.getRawQuery() == null ? "?" : "&") + parameter;
  }
}
