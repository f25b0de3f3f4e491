package simulations.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps secrets out of everything that a run writes. */
public final class Secrets {
  /** A shorter value is masked only beside its name, for it may be any part of a text. */
  private static final int SECRET_CHARS_MIN = 8;

  /** Names of settings that are secrets themselves; their values appear in no file. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)(?:.*[.-])?(?:(?:api|auth|access|secret|private)[.-](?:key|token)|password|passwd"
              + "|secret|credentials|header)");

  /** A URL: the scheme with its slashes, then everything up to the next blank or comma. */
  private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)([^\\s,'\"]+)");

  /** A parameter of a query that is a secret. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&][^=&]*(?:key|token|secret|password|auth|sig)[^=&]*=)[^&#]+");

  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.%]+\\])(?::[0-9]*)?");
  private static final Pattern END_OF_AUTHORITY = Pattern.compile("[/?#]");

  private Secrets() {}

  /** Returns the settings without those that are secrets, and without user info in any URL. */
  static Map<String, String> removed(Map<String, String> settings) {
    Map<String, String> open = new TreeMap<>(settings);
    open.keySet().removeIf(name -> NAME.matcher(name).matches());
    open.replaceAll((name, text) -> masked(text));
    return open;
  }

  /** Returns the text with {@code ***} for user info and secret parameters of every URL in it. */
  static String masked(String text) {
    return URL.matcher(text)
        .replaceAll(url -> Matcher.quoteReplacement(url.group(1) + masked(url)));
  }

  /**
   * Returns the text with {@code ***} for secrets: behind their names, however short they are, and
   * anywhere if they have {@value #SECRET_CHARS_MIN} characters or more.
   *
   * @param secrets values by name, such as those of headers
   */
  public static String masked(String text, Map<String, String> secrets) {
    String open = text;
    for (Map.Entry<String, String> secret : secrets.entrySet()) {
      String value = secret.getValue().replaceFirst("(?i)^(?:Bearer|Basic) +", "");
      if (value.length() >= SECRET_CHARS_MIN) {
        open = open.replace(value, "***");
      } else if (!value.isEmpty()) {
        String behind = "(?i)(\\b%s[\"']?\\s*[:=]\\s*[\"']?(?:Bearer +|Basic +)?)%s(?!\\w)";
        open =
            Pattern.compile(behind.formatted(Pattern.quote(secret.getKey()), Pattern.quote(value)))
                .matcher(open)
                .replaceAll("$1***");
      }
    }
    return open;
  }

  private static String masked(MatchResult url) {
    return PARAMETER.matcher(withoutUserInfo(url.group(2))).replaceAll("$1***");
  }

  /** User info ends at the last @, for a password may contain one, or even a slash. */
  private static String withoutUserInfo(String rest) {
    String authority = END_OF_AUTHORITY.split(rest, 2)[0];
    int at = authority.lastIndexOf('@');
    if (at < 0 && !HOST.matcher(authority).matches()) {
      at = rest.lastIndexOf('@');
    }
    return at < 0 ? rest : "***" + rest.substring(at);
  }
}
