package report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Text of a run folder in GitHub-flavoured Markdown, shown as it is whatever it holds: no mark, no
 * element, no link, and nobody is mentioned. Every line begins with words of our own, so that the
 * marks that only count there need no care.
 */
final class Markdown {
  /** Punctuation that begins something somewhere in a line; a backslash takes that from it. */
  private static final String MARKS = "\\`*[]<|~&$";

  /** Takes no room and ends a word: what follows an @ is then no name of an account. */
  private static final String JOINT = "\u200B";

  private Markdown() {}

  /** Text in a line or in a cell of a table. */
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

  /** Text of at most so many characters. */
  static String text(String text, int characters) {
    String line = oneLine(text);
    return line.codePointCount(0, line.length()) <= characters
        ? text(line)
        : text(line.substring(0, line.offsetByCodePoints(0, characters - 1)).strip() + "…");
  }

  /** A name as code, if it is made of what names are made of; else as text. */
  static String name(String name) {
    return name.matches("[\\w.+-]{1,80}") ? "`" + name + "`" : text(name, 80);
  }

  /** A row of a table; the cells are Markdown already. */
  static String row(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** The line below the head of a table. */
  static String rule(int columns) {
    return "|" + " --- |".repeat(columns) + "\n";
  }

  /** A colon after a scheme and the dot after www are all that it takes to make a link. */
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

  /** Control characters, line breaks and turns of the reading direction become spaces. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]+", " ").strip();
  }
}
