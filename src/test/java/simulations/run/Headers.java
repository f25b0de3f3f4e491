package simulations.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Headers of the user's own, such as {@code api-key: secret | x-team: blue}. They may hold secrets,
 * so no text shows their values.
 *
 * @param all values by name, in their order
 */
public record Headers(Map<String, String> all) {
  private static final Pattern FORM =
      Pattern.compile("\\s*([!#$%&'*+.^_`~0-9A-Za-z-]+)\\s*:\\s*(.*?)\\s*");

  /**
   * Parses headers, which are separated by a vertical line.
   *
   * @throws IllegalArgumentException with the sentence of the error
   */
  public static Headers parse(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String each : text.split("\\|", -1)) {
      Matcher form = FORM.matcher(each);
      if (!form.matches()) {
        throw new IllegalArgumentException(
            "is not a header such as 'api-key: secret', or several with | between them");
      }
      all.put(form.group(1), form.group(2));
    }
    return new Headers(all);
  }

  @Override
  public String toString() {
    return "Headers" + all.keySet();
  }
}
