package tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tidy.TidyTest.Rule;

/** Each rule of the house on a snippet that breaks it, and on one that does not. */
class RulesTest {
  private static final String RUN = "src/test/java/simulations/run/";
  private static final String DSL = "import static io.gatling.javaapi.http.HttpDsl.*;\n";
  private static final String HEAD = "package kpi;\n\nimport a.B;\n";
  private static final String BRACES =
      "@B(c = {1})\nclass A {\n  int[] d = {1};\n  char e = '{';\n  String f = \"{(\";\n"
          + "\n".repeat(80)
          + "}\n";
  private static final String CLOCK = "long a = System.nanoTime();\n";
  private static final String PRINT = "OUT = System.out;\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "main/java/settings | | kpi",
        "main/java/stack | | settings",
        "main/java/kpi | settings org.HdrHistogram | verdict simulations.run testing",
        "main/java/targets/shared | settings kpi | targets.llm",
        "main/java/targets/llm | settings targets.shared | kpi targets.defects targets.proxy",
        "main/java/targets/defects | targets.llm |",
        "main/java/targets/auction/bid | targets.auction.broadcast |",
        "main/java/verdict | kpi | report",
        "main/java/report | verdict | settings",
        "main/java/gauntlet | targets.llm | simulations.run",
        "test/java/kpi | testing |",
        "test/java/simulations | stack |",
        "test/java/simulations/sse | simulations.run | targets.llm gauntlet",
      })
  void imports_follow_the_table(String folder, String seen, String hidden) {
    assertThat(imports(folder, seen)).isEmpty();
    String breach = ": the room %s must not see this one (the import table)";
    SourceFile file = new SourceFile("src/" + folder + "/A.java", "");
    assertThat(imports(folder, hidden))
        .hasSize(2 * (hidden == null ? 0 : hidden.split(" ", -1).length))
        .allMatch(found -> found.endsWith(breach.formatted(file.room())));
  }

  /** Returns the breaches of a file that imports a type and a method of each package. */
  private static Stream<String> imports(String folder, String packages) {
    String lines =
        packages == null
            ? ""
            : packages.replaceAll("(\\S+) ?", "import $1.B;\nimport static $1.B.of;\n");
    return ImportRules.rooms(new SourceFile("src/" + folder + "/A.java", lines));
  }

  /** A rule, a file, and the breach: its line and the words of the rule; empty for none. */
  static Stream<Arguments> snippetsOfCode() {
    return Stream.of(
        kept(ImportRules::stars, simulation(DSL)),
        broken(ImportRules::stars, main(DSL), "1: import"),
        broken(ImportRules::stars, simulation("import a.*;\n"), "1: import"),
        kept(ImportRules::qualified, main("import a.List;\n/** {@link java.util.Map} */\n")),
        kept(ImportRules::qualified, main("String a = \"java.util.Map\";\n")),
        broken(ImportRules::qualified, main("\nvar a = java.util.Locale.ROOT;\n"), "2: import"),
        kept(SizeRules::columns, main("x".repeat(100) + "\n")),
        kept(SizeRules::columns, main("ä".repeat(100) + "\n")),
        broken(SizeRules::columns, main("\n" + "x".repeat(101) + "\n"), "2: a line"),
        kept(SizeRules::methodLines, main(typeWithMethodOf(70))),
        broken(
            SizeRules::methodLines,
            main(typeWithMethodOf(71)),
            "3: a method has at most 70 lines, this one has 71"),
        kept(SizeRules::methodLines, main(BRACES)),
        kept(SizeRules::fileLines, main("\n".repeat(350))),
        broken(SizeRules::fileLines, main("\n".repeat(351)), "1: a file has at most 350"),
        kept(WordRules::banned, new SourceFile("src/main/java/stack/ManagedProcess.java", CLOCK)),
        kept(WordRules::banned, test(CLOCK)),
        broken(WordRules::banned, simulation(CLOCK), "1: 'System("),
        kept(WordRules::banned, new SourceFile(RUN + "Console.java", PRINT)),
        broken(WordRules::banned, test(PRINT), "1: 'System"),
        kept(WordRules::banned, test("new Random(7);\n")),
        broken(WordRules::banned, test("new Random();\n"), "1: 'new Random"),
        kept(WordRules::banned, main("failure.printStackTrace(err);\n")),
        kept(WordRules::banned, main("class Implement {\n")),
        kept(WordRules::banned, main("pom.getProperty(name);\n")),
        kept(WordRules::banned, main("new SplittableRandom(7);\n")));
  }

  static Stream<Arguments> snippetsOfText() {
    return Stream.of(
        broken(WordRules::prose, main("// The client is to" + "ld.\n"), "1: use the field's word"),
        broken(WordRules::prose, document("No" + "body waits.\n"), "1: use the field's word"),
        kept(WordRules::prose, main("// The counter errors_to" + "ld.\n")),
        kept(WordRules::prose, new SourceFile("pom.xml", "to" + "ld\n")),
        broken(WordRules::locales, main("\nString.format(text)\n"), "2: a number"),
        broken(WordRules::locales, main("\"%d s\"\n.formatted(1)\n"), "2: a number"),
        kept(WordRules::locales, main("format(Locale.ROOT, \"%d\", 1); \"%s\".formatted(1);\n")),
        broken(WordRules::unfinished, main("// TO" + "DO later\n"), "1: '"),
        broken(WordRules::unfinished, main("/* FIX" + "ME */\n"), "1: '"),
        broken(WordRules::unfinished, main("// XX" + "X\n"), "1: '"),
        kept(WordRules::unfinished, main("// METHODOLOGY\n")),
        broken(WordRules::places, document("\nsee /wo" + "rk/main\n"), "2: no absolute"),
        kept(WordRules::places, document("target/wo" + "rk/main\n")),
        broken(WordRules::places, document("https://nex" + "us.org/a/\n"), "1: no host"),
        broken(WordRules::places, document("https://repo." + "ma" + "ven.org/a/\n"), "1: no host"),
        broken(
            DocRules::publicTypes,
            main(HEAD + "public class A {\n /** B. */ int b; }\n"),
            "4: a public"),
        kept(DocRules::publicTypes, main(HEAD + "/** A. */\n@C(d = 1)\npublic record A() {}\n")),
        kept(DocRules::publicTypes, main(HEAD + "final class A {}\n")),
        broken(
            DocRules::simulations,
            new SourceFile("src/test/java/simulations/ASimulation.java", "/** Goal: a. */\n"),
            "1: a simulation's Javadoc says its Method:"),
        kept(DocRules::simulations, simulation("class A {}\n")),
        kept(DocRules::titles, document("# A\n\n```sh\n# not a title\n```\n## B\n")),
        broken(DocRules::titles, document("## A\n"), "1: a document has one title"),
        broken(DocRules::titles, document("# A\n# B\n"), "1: a document has one title"),
        kept(DocRules::decisions, decision(600)),
        broken(DocRules::decisions, decision(601), "1: a decision has at most 600 words, not 601"),
        kept(DocRules::decisions, document("word ".repeat(601))));
  }

  private static Arguments kept(Rule rule, SourceFile file) {
    return arguments(rule, file, "");
  }

  private static Arguments broken(Rule rule, SourceFile file, String breach) {
    return arguments(rule, file, breach);
  }

  @ParameterizedTest
  @MethodSource({"snippetsOfCode", "snippetsOfText"})
  void a_rule_is_kept_or_broken(Rule rule, SourceFile file, String breach) {
    List<String> breaches = rule.apply(file).toList();
    assertThat(breaches).hasSize(breach.isEmpty() ? 0 : 1);
    assertThat(breaches).allMatch(found -> found.startsWith(file.path() + ":" + breach));
  }

  @ParameterizedTest
  @CsvSource({
    "System.out.println(1);",
    "var a = System.err;",
    "new Random(7).nextInt();",
    "Math.random();",
    "name.toLowerCase()",
    "ThreadLocalRandom.current();",
    "e.printStackTrace();",
    "import lombok.Data;",
    "final class StreamManager {",
    "record StreamHelper() {",
    "class StreamUtil {",
    "class StreamUtils {",
    "interface StreamImpl {",
    "long a = System.nanoTime();",
    "long a = System.currentTimeMillis();",
    "run(System::nanoTime);",
    "System.getProperty(a);",
    "System.getenv();",
  })
  void banned_words_are_found(String line) {
    assertThat(WordRules.banned(main("\n  " + line + "\n")))
        .singleElement()
        .asString()
        .startsWith("src/main/java/kpi/A.java:2: '")
        .contains("is banned: ");
    assertThat(WordRules.banned(main("// " + line + "\n"))).isEmpty();
    assertThat(WordRules.banned(main("String a = \"" + line + "\";\n"))).isEmpty();
  }

  @Test
  void a_package_without_description_is_found() {
    SourceFile lone = new SourceFile("src/main/java/a/A.java", "package a;\n");
    SourceFile mute = new SourceFile("src/main/java/a/package-info.java", "package a;\n");
    SourceFile said =
        new SourceFile("src/main/java/a/package-info.java", "/** A. */\npackage a;\n");
    assertThat(DocRules.packages(Stream.of(lone)))
        .containsExactly("a:1: a package has a package-info with Javadoc");
    assertThat(DocRules.packages(Stream.of(lone, mute))).hasSize(1);
    assertThat(DocRules.packages(Stream.of(lone, said))).isEmpty();
  }

  @Test
  void a_link_that_leads_nowhere_is_found(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("docs"));
    Files.createFile(root.resolve("docs/there.md"));
    String good = "[a](there.md#part) [b](https://example.org/x) [c](#here) [d](../docs)\n";
    assertThat(DocRules.links(document(good), root)).isEmpty();
    assertThat(DocRules.links(document("```\n[a](gone.md)\n```\n[b](gone.md)\n"), root))
        .containsExactly("docs/A.md:4: the link gone.md leads nowhere");
  }

  @Test
  void what_builds_make_is_left_out(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("src/a"));
    Files.createDirectories(root.resolve("target"));
    Files.writeString(root.resolve("src/a/A.java"), "class A {}\n");
    Files.writeString(root.resolve("target/B.java"), "class B {}\n");
    Files.write(root.resolve("src/a/picture.png"), new byte[] {1, 0, 2});
    assertThat(SourceTree.read(root).files())
        .extracting(SourceFile::path)
        .containsExactly("src/a/A.java");
  }

  @Test
  void comments_and_literals_are_blanked_and_lines_stay() {
    String text = "a /* b\n c */ \"d\\\"e\" 'f' // g\n\"\"\"\n h\n\"\"\" i\n";
    assertThat(main(text).code()).hasSameSizeAs(text);
    assertThat(main(text).code().replace(" ", "")).isEqualTo("a\n\n\n\ni\n");
  }

  private static String typeWithMethodOf(int lines) {
    return "class A {\n  int a;\n  void run(int b) {\n"
        + "    b++;\n".repeat(lines - 2)
        + "  }\n}\n";
  }

  private static SourceFile main(String text) {
    return new SourceFile("src/main/java/kpi/A.java", text);
  }

  private static SourceFile test(String text) {
    return new SourceFile("src/test/java/kpi/ATest.java", text);
  }

  private static SourceFile simulation(String text) {
    return new SourceFile(RUN + "A.java", text);
  }

  private static SourceFile decision(int words) {
    return new SourceFile("docs/decisions/a.md", "word ".repeat(words));
  }

  private static SourceFile document(String text) {
    return new SourceFile("docs/A.md", text);
  }
}
