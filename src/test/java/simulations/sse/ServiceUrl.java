package simulations.sse;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a service of the user's own, as people paste it: with or without the version, the
 * path of the API, a slash at the end, or a query.
 *
 * @param base scheme, host and port
 * @param path without slashes at its end; empty for none
 * @param query with its question mark; empty for none
 */
record ServiceUrl(String base, String path, String query) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?i:(https?))://((?:[^/?#\\s@]*@)?([^/?#\\s@]+))([^?#\\s]*?)/*(\\?[^#\\s]*)?");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[\\w.-]+)(?::(\\d{1,5}))?");
  private static final int PORT_MAX = 65_535;
  private static final Pattern VERSIONED = Pattern.compile(".*/v\\d\\w*");

  /** Parses an address, or throws with the mistake, without any password. */
  static ServiceUrl parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !isAuthority(form.group(3))) {
      String shown = text.replaceAll("^([a-zA-Z]+://)?.*@", "$1***@");
      throw new IllegalArgumentException(
          "'" + shown + "' is not an address such as http://127.0.0.1:10080");
    }
    String query = form.group(5) == null ? "" : form.group(5);
    String scheme = form.group(1).toLowerCase(Locale.ROOT);
    return new ServiceUrl(scheme + "://" + form.group(2), form.group(4), query);
  }

  /** Returns the address of a bundled target. */
  static ServiceUrl of(URI url) {
    return parse(url.toString());
  }

  /** Returns the host without brackets. */
  String host() {
    return authority().group(1).replaceAll("[\\[\\]]", "");
  }

  int port() {
    String port = authority().group(2);
    return port != null ? Integer.parseInt(port) : base.startsWith("https") ? 443 : 80;
  }

  private static boolean isAuthority(String text) {
    Matcher authority = HOST.matcher(text);
    return authority.matches()
        && (authority.group(2) == null || Integer.parseInt(authority.group(2)) <= PORT_MAX);
  }

  private Matcher authority() {
    Matcher host = HOST.matcher(base.replaceFirst(".*[/@]", ""));
    if (!host.matches()) {
      throw new IllegalStateException(base);
    }
    return host;
  }

  /**
   * Returns the path and query at which an API answers. A path is what the API's clients take as
   * their base; one that ends like the API's own is complete.
   */
  String target(SseSettings.Api api) {
    String own = api.path;
    String versionless = own.replaceFirst("^/v1", "");
    String whole;
    if (path.isEmpty()) {
      whole = own;
    } else if (path.endsWith(versionless) || api == SseSettings.Api.SSE) {
      whole = path;
    } else if (api == SseSettings.Api.MESSAGES && !VERSIONED.matcher(path).matches()) {
      whole = path + own;
    } else {
      whole = path + versionless;
    }
    return whole + query;
  }
}
