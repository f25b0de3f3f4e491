package report;

/**
 * Text of a run folder in GitHub-flavoured Markdown, shown literally: no markup, no element, no
 * link and no mention. Every line begins with fixed words, so markup of line beginnings needs no
 * care.
 */
final class Markdown {
  /** Punctuation with a meaning anywhere in a line, which a backslash removes. */
  private static final String MARKS = "\\`*[]<|~&$";

  /** Has no width and ends a word, so that an @ mentions no account. */
  private static final String JOINT = "\u200B";

  private Markdown() {}

  /** Returns text for a line or a cell of a table. */
  static String text(String text) {
    StringBuilder escaped = new StringBuilder();
    String line = oneLine(text);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (MARKS.indexOf(c) >= 0 || (c == '_' && !insideWord(line, i)) || link(line, i)) {
        escaped.append('\\');
      }
      escaped.append(c);
      if (c == '@') {
        escaped.append(JOINT);
      }
    }
    return escaped.toString();
  }

  /** Returns text of at most that many characters. */
  static String text(String text, int characters) {
    String line = oneLine(text);
    return line.codePointCount(0, line.length()) <= characters
        ? text(line)
        : text(line.substring(0, line.offsetByCodePoints(0, characters - 1)).strip() + "…");
  }

  /** Returns a name as code, if it has only characters of names; else as text. */
  static String name(String name) {
    return name.matches("[\\w.+-]{1,80}") ? "`" + name + "`" : text(name, 80);
  }

  /** Returns true for a colon after a scheme and the dot after www, which make a link. */
  private static boolean link(String line, int i) {
    return (line.charAt(i) == ':' && line.startsWith("//", i + 1))
        || (line.charAt(i) == '.' && line.regionMatches(true, Math.max(0, i - 3), "www", 0, 3));
  }

  private static boolean insideWord(String line, int i) {
    return i > 0
        && i < line.length() - 1
        && Character.isLetterOrDigit(line.charAt(i - 1))
        && Character.isLetterOrDigit(line.charAt(i + 1));
  }

  /** Replaces control characters, line breaks and changes of direction by spaces. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]+", " ").strip();
  }
}
