package tidy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

  static Stream<String> methodLines(SourceFile file) {
    return new Methods(file).tooLong().stream();
  }

  /** Finds methods by their braces: those that open in the body of a type after a parenthesis. */
  private static final class Methods {
    private enum Block {
      TYPE,
      METHOD,
      OTHER
    }

    private final SourceFile file;
    private final Deque<Block> blocks = new ArrayDeque<>();
    private final List<String> tooLong = new ArrayList<>();
    private final StringBuilder header = new StringBuilder();
    private int line = 1;
    private int parentheses;
    private int methodLine;

    Methods(SourceFile file) {
      this.file = file;
    }

    List<String> tooLong() {
      file.code().chars().forEach(next -> take((char) next));
      return tooLong;
    }

    private void take(char next) {
      switch (next) {
        case '\n' -> line++;
        case '(' -> parentheses++;
        case ')' -> parentheses--;
        case '{' -> open();
        case '}' -> close();
        default -> {}
      }
      if (next == ';' || next == '{' || next == '}') {
        header.setLength(0);
      } else {
        header.append(next);
      }
    }

    private void open() {
      String words = header.toString();
      Block block = Block.OTHER;
      if (parentheses == 0 && TYPE.matcher(words).find()) {
        block = Block.TYPE;
      } else if (parentheses == 0 && blocks.peek() == Block.TYPE && words.contains("(")) {
        block = Block.METHOD;
        methodLine = line - (int) words.stripLeading().lines().skip(1).count();
      }
      blocks.push(block);
    }

    private void close() {
      if (blocks.poll() == Block.METHOD) {
        int lines = line - methodLine + 1;
        if (lines > METHOD_LINES_MAX) {
          tooLong.add(
              file.at(
                  methodLine,
                  "a method has at most " + METHOD_LINES_MAX + " lines, this one has " + lines));
        }
      }
    }
  }
}
