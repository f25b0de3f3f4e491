package tidy;

/** Blanks out what is not code in Java's text. A pure function. */
final class JavaText {
  private final String text;
  private final StringBuilder code;
  private int at;

  private JavaText(String text) {
    this.text = text;
    this.code = new StringBuilder(text.length());
  }

  /** The text with comments, strings and characters as blanks; line ends stay where they are. */
  static String codeOf(String text) {
    return new JavaText(text).blanked();
  }

  private String blanked() {
    while (at < text.length()) {
      if (text.startsWith("//", at)) {
        blankTo(endOfLine());
      } else if (text.startsWith("/*", at)) {
        blankTo(after("*/", at + 2));
      } else if (text.startsWith("\"\"\"", at)) {
        blankTo(after("\"\"\"", at + 3));
      } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
        blankTo(endOfLiteral());
      } else {
        code.append(text.charAt(at++));
      }
    }
    return code.toString();
  }

  private int endOfLine() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private int after(String mark, int from) {
    int found = text.indexOf(mark, from);
    return found < 0 ? text.length() : found + mark.length();
  }

  private int endOfLiteral() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != text.charAt(at)) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    return Math.min(end + 1, text.length());
  }

  private void blankTo(int end) {
    for (; at < end; at++) {
      code.append(text.charAt(at) == '\n' ? '\n' : ' ');
    }
  }
}
