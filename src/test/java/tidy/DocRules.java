package tidy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must be said, and where: Javadoc and the markdown files. */
final class DocRules {
  static final int DECISION_WORDS_MAX = 600;

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public (?:\\w+ )*(?:class|interface|enum|record|@interface) \\w+");
  private static final Pattern HEAD_LINE = Pattern.compile("(?m)^(?:import|package) .*;$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^\\s*```.*?^\\s*```\\s*$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]*)(?:#[^)\\s]*)?\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  private DocRules() {}

  static Stream<String> packages(Stream<SourceFile> java) {
    List<SourceFile> files = java.toList();
    Set<String> described =
        files.stream()
            .filter(file -> file.path().endsWith("/package-info.java"))
            .filter(file -> file.text().contains("/**"))
            .map(SourceFile::packagePath)
            .collect(Collectors.toSet());
    Set<String> missing =
        files.stream().map(SourceFile::packagePath).collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(described);
    return missing.stream().map(path -> path + ":1: a package has a package-info with Javadoc");
  }

  static Stream<String> publicTypes(SourceFile file) {
    Matcher type = PUBLIC_TYPE.matcher(file.code());
    if (!file.isMain() || !type.find()) {
      return Stream.empty();
    }
    int from = 0;
    for (Matcher head = HEAD_LINE.matcher(file.code()); head.find(); ) {
      from = head.end();
    }
    boolean said = file.text().substring(from, type.start()).contains("/**");
    int line = (int) file.text().substring(0, type.start()).lines().count() + 1;
    return said ? Stream.empty() : Stream.of(file.at(line, "a public type has Javadoc"));
  }

  static Stream<String> simulations(SourceFile file) {
    if (!file.path().matches("src/test/java/simulations/\\w+Simulation\\.java")) {
      return Stream.empty();
    }
    return Stream.of("Goal:", "Method:")
        .filter(word -> !file.text().contains(word))
        .map(word -> file.at(1, "a simulation's Javadoc says its " + word));
  }

  static Stream<String> titles(SourceFile file) {
    long titles = prose(file).lines().filter(line -> line.startsWith("# ")).count();
    return titles == 1
        ? Stream.empty()
        : Stream.of(file.at(1, "a document has one title, this one has " + titles));
  }

  static Stream<String> links(SourceFile file, Path root) {
    Path folder = root.resolve(file.path()).toAbsolutePath().getParent();
    List<String> breaches = new ArrayList<>();
    List<String> lines = prose(file).lines().toList();
    for (int index = 0; index < lines.size(); index++) {
      for (Matcher link = LINK.matcher(lines.get(index)); link.find(); ) {
        String to = link.group(1);
        boolean here = !to.isEmpty() && !ELSEWHERE.matcher(to).matches();
        if (here && !Files.exists(folder.resolve(to))) {
          breaches.add(file.at(index + 1, "the link " + to + " leads nowhere"));
        }
      }
    }
    return breaches.stream();
  }

  static Stream<String> decisions(SourceFile file) {
    long words = file.text().strip().split("\\s+").length;
    return file.path().startsWith("docs/decisions/") && words > DECISION_WORDS_MAX
        ? Stream.of(
            file.at(1, "a decision has at most " + DECISION_WORDS_MAX + " words, not " + words))
        : Stream.empty();
  }

  /** The text without fenced blocks, whose lines stay so that numbers fit. */
  private static String prose(SourceFile file) {
    return FENCED
        .matcher(file.text())
        .replaceAll(block -> "\n".repeat((int) block.group().lines().count() - 1));
  }
}
