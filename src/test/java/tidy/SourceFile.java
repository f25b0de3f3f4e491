package tidy;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One file of the tree.
 *
 * @param code the text with comments and literals blanked out, line by line as long as before
 */
record SourceFile(String path, String text, String code) {
  private static final String MAIN = "src/main/java/";
  private static final String TEST = "src/test/java/";

  /** Comments, text blocks, strings and characters. */
  private static final Pattern NO_CODE =
      Pattern.compile(
          "//[^\n]*|/\\*(?s:.*?)(?:\\*/|\\z)|\"{3}(?s:.*?)(?:\"{3}|\\z)"
              + "|\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])*+'");

  SourceFile(String path, String text) {
    this(
        path,
        text,
        path.endsWith(".java") ? NO_CODE.matcher(text).replaceAll(SourceFile::blank) : text);
  }

  private static String blank(MatchResult noCode) {
    return noCode.group().replaceAll("[^\\n\\r]", " ");
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isMain() {
    return path.startsWith(MAIN);
  }

  boolean isSimulation() {
    return path.startsWith(TEST + "simulations/") && !path.matches(".*(Test|IT)\\.java");
  }

  /** The package's folder, such as {@code targets/llm}; empty outside the Java sources. */
  String packagePath() {
    String below = path.replaceFirst("^(" + MAIN + "|" + TEST + ")", "");
    int slash = below.lastIndexOf('/');
    return !isJava() || slash < 0 ? "" : below.substring(0, slash);
  }

  /** The room: the first folder, and of the targets the second too. */
  String room() {
    String[] folders = packagePath().split("/", -1);
    return folders[0].equals("targets") && folders.length > 1
        ? "targets." + folders[1]
        : folders[0];
  }

  /** A breach for each line of the text that a rule refuses. */
  Stream<String> breaches(String rule, Predicate<String> refuses) {
    return breaches(text.lines().toList(), rule, refuses);
  }

  /** A breach for each line that a rule refuses when comments and literals are left out. */
  Stream<String> codeBreaches(String rule, Predicate<String> refuses) {
    return breaches(code.lines().toList(), rule, refuses);
  }

  String at(int line, String rule) {
    return path + ":" + line + ": " + rule;
  }

  private Stream<String> breaches(List<String> lines, String rule, Predicate<String> refuses) {
    return IntStream.range(0, lines.size())
        .filter(index -> refuses.test(lines.get(index)))
        .mapToObj(index -> at(index + 1, rule));
  }
}
