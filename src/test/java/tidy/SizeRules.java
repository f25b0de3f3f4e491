package tidy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Columns, lines of a method, lines of a file. */
final class SizeRules {
  static final int COLUMNS_MAX = 100;
  static final int FILE_LINES_MAX = 350;
  static final int METHOD_LINES_MAX = 70;

  private static final Pattern TYPE = Pattern.compile("\\b(class|interface|enum|record)\\s+\\w+");

  private SizeRules() {}

  /** Lines that are too wide; an import cannot be broken. */
  static Stream<String> columns(SourceFile file) {
    return file.breaches(
        "a line has at most " + COLUMNS_MAX + " columns",
        line -> !line.startsWith("import ") && line.codePointCount(0, line.length()) > COLUMNS_MAX);
  }

  static Stream<String> fileLines(SourceFile file) {
    long lines = file.text().lines().count();
    String rule = "a file has at most " + FILE_LINES_MAX + " lines, this one has " + lines;
    return lines > FILE_LINES_MAX ? Stream.of(file.at(1, rule)) : Stream.empty();
  }

  /**
   * Finds methods by the formatter's indentation: a block ends where a closing brace stands as far
   * from the margin as its first line.
   */
  static Stream<String> methodLines(SourceFile file) {
    List<String> lines = file.code().lines().toList();
    List<String> tooLong = new ArrayList<>();
    Map<Integer, Integer> begin = new HashMap<>();
    for (int line = 0; line < lines.size(); line++) {
      String text = lines.get(line);
      int indent = text.length() - text.stripLeading().length();
      if (text.strip().matches("};?")) {
        int first = begin.getOrDefault(indent, line);
        int length = line - first + 1;
        String head = lines.get(first);
        if (length > METHOD_LINES_MAX && head.contains("(") && !TYPE.matcher(head).find()) {
          String rule = "a method has at most " + METHOD_LINES_MAX + " lines, this one has ";
          tooLong.add(file.at(first + 1, rule + length));
        }
      } else if (!text.isBlank()) {
        begin.put(indent, line);
      }
    }
    return tooLong.stream();
  }
}
