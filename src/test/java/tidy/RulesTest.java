package tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the house on a snippet that breaks it, and on one that does not. */
@Timeout(20)
class RulesTest {
  @ParameterizedTest
  @CsvSource({
    "main/java/settings/A, kpi.Kpi, false",
    "main/java/stack/A, settings.BadSettings, false",
    "main/java/faults/A, stack.TargetProcess, false",
    "main/java/kpi/A, settings.BadSettings, true",
    "main/java/kpi/A, verdict.Check, false",
    "main/java/targets/shared/A, settings.BadSettings, true",
    "main/java/targets/shared/A, kpi.ProcessFigures, true",
    "main/java/targets/shared/A, targets.llm.LlmServer, false",
    "main/java/targets/llm/A, targets.shared.Target, true",
    "main/java/targets/llm/A, settings.SeededText, true",
    "main/java/targets/llm/A, targets.defects.LlmDefects, false",
    "main/java/targets/defects/A, targets.llm.LlmServer, true",
    "main/java/targets/llm/A, targets.proxy.ProxyServer, false",
    "main/java/targets/llm/A, kpi.Kpi, false",
    "main/java/targets/auction/bid/A, targets.auction.broadcast.B, true",
    "main/java/verdict/A, kpi.Kpi, true",
    "main/java/verdict/A, report.Report, false",
    "main/java/report/A, verdict.Verdict, true",
    "main/java/report/A, settings.BadSettings, false",
    "main/java/gauntlet/A, targets.llm.LlmServer, true",
    "main/java/gauntlet/A, simulations.run.Run, false",
    "main/java/kpi/A, simulations.run.Run, false",
    "main/java/kpi/A, testing.SimulationRun, false",
    "test/java/kpi/ATest, testing.SimulationRun, true",
    "test/java/simulations/A, stack.TargetProcess, true",
    "test/java/simulations/sse/A, simulations.run.Run, true",
    "test/java/simulations/sse/A, targets.llm.LlmServer, false",
    "test/java/simulations/sse/ATest, gauntlet.Main, false",
    "main/java/kpi/A, org.HdrHistogram.Histogram, true",
  })
  void imports_follow_the_table(String file, String name, boolean allowed) {
    String path = "src/" + file + ".java";
    SourceFile plain = new SourceFile(path, "package a;\n\nimport " + name + ";\n");
    SourceFile fixed = new SourceFile(path, "package a;\n\nimport static " + name + ".of;\n");

    for (SourceFile source : new SourceFile[] {plain, fixed}) {
      if (allowed) {
        assertThat(ImportRules.rooms(source)).isEmpty();
      } else {
        assertThat(ImportRules.rooms(source))
            .singleElement()
            .asString()
            .startsWith(path + ":3: the room ")
            .endsWith("(the import table)");
      }
    }
  }

  @Test
  void gatling_is_found_in_main_also_without_an_import() {
    String text = "package kpi;\nclass A {\n  io.gatling.core.B b;\n}\n";

    assertThat(ImportRules.gatling(main(text)))
        .containsExactly("src/main/java/kpi/A.java:3: main never sees Gatling");
    assertThat(ImportRules.gatling(simulation(text))).isEmpty();
    assertThat(ImportRules.gatling(main("// never io.gatling. here\n"))).isEmpty();
  }

  @Test
  void stars_are_for_gatlings_language_in_simulations_only() {
    String dsl = "import static io.gatling.javaapi.http.HttpDsl.*;\n";

    assertThat(ImportRules.stars(simulation(dsl))).isEmpty();
    assertThat(ImportRules.stars(main(dsl))).hasSize(1);
    assertThat(ImportRules.stars(simulation("import java.util.*;\n")))
        .containsExactly("src/test/java/simulations/A.java:1: import the names that you use");
  }

  @Test
  void qualified_names_are_found_in_code_and_not_in_comments_imports_and_texts() {
    assertThat(
            ImportRules.qualified(main("import java.util.List;\n/** {@link java.util.Map} */\n")))
        .isEmpty();
    assertThat(ImportRules.qualified(main("String a = \"java.util.Map\";\n"))).isEmpty();
    assertThat(ImportRules.qualified(main("\nvar a = java.util.Locale.ROOT;\n")))
        .containsExactly(
            "src/main/java/kpi/A.java:2: import the class instead of naming its package");
  }

  @Test
  void a_line_of_100_columns_fits_and_one_of_101_does_not() {
    assertThat(SizeRules.columns(main("x".repeat(100) + "\n"))).isEmpty();
    assertThat(SizeRules.columns(main("ä".repeat(100) + "\n"))).isEmpty();
    assertThat(SizeRules.columns(main("\n" + "x".repeat(101) + "\n")))
        .containsExactly("src/main/java/kpi/A.java:2: a line has at most 100 columns");
  }

  @Test
  void a_method_of_70_lines_fits_and_one_of_71_does_not() {
    assertThat(SizeRules.methodLines(main(typeWithMethodOf(70)))).isEmpty();
    assertThat(SizeRules.methodLines(main(typeWithMethodOf(71))))
        .containsExactly(
            "src/main/java/kpi/A.java:3: a method has at most 70 lines, this one has 71");
  }

  @Test
  void braces_in_texts_and_annotations_do_not_make_methods() {
    String text =
        "@B(c = {1})\nclass A {\n  int[] d = {1};\n  char e = '{';\n  String f = \"{(\";\n"
            + "\n".repeat(80)
            + "}\n";

    assertThat(SizeRules.methodLines(main(text))).isEmpty();
  }

  @Test
  void a_file_of_350_lines_fits_and_one_of_351_does_not() {
    assertThat(SizeRules.fileLines(main("\n".repeat(350)))).isEmpty();
    assertThat(SizeRules.fileLines(main("\n".repeat(351))))
        .containsExactly(
            "src/main/java/kpi/A.java:1: a file has at most 350 lines, this one has 351");
  }

  @ParameterizedTest
  @CsvSource({
    "System.out.println(1);",
    "var a = System.err;",
    "new Random(7).nextInt();",
    "Math.random();",
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
  void words_are_allowed_where_the_table_allows_them() {
    String clock = "long a = System.nanoTime();\n";
    String print = "OUT = System.out;\n";
    String chance = "new Random(7);\n";

    assertThat(banned("src/main/java/stack/ChildProcess.java", clock)).isEmpty();
    assertThat(banned("src/test/java/kpi/TallyTest.java", clock)).isEmpty();
    assertThat(banned("src/test/java/simulations/sse/SseRequests.java", clock)).hasSize(1);
    assertThat(banned("src/test/java/simulations/run/Console.java", print)).isEmpty();
    assertThat(banned("src/test/java/kpi/TallyTest.java", print)).hasSize(1);
    assertThat(banned("src/test/java/kpi/TallyTest.java", chance)).isEmpty();
    assertThat(banned("src/test/java/kpi/TallyTest.java", "new Random();\n")).hasSize(1);
  }

  @Test
  void harmless_neighbours_of_banned_words_are_left_alone() {
    assertThat(banned("src/main/java/kpi/A.java", "failure.printStackTrace(err);\n")).isEmpty();
    assertThat(banned("src/main/java/kpi/A.java", "class Implement {\n")).isEmpty();
    assertThat(banned("src/main/java/kpi/A.java", "pom.getProperty(name);\n")).isEmpty();
    assertThat(banned("src/main/java/kpi/A.java", "new SplittableRandom(7);\n")).isEmpty();
  }

  @Test
  void words_that_stop_a_reader_are_found_in_comments_and_documents() {
    assertThat(WordRules.prose(main("// The client is to" + "ld.\n"))).hasSize(1);
    assertThat(WordRules.prose(new SourceFile("docs/A.md", "No" + "body waits.\n"))).hasSize(1);
    assertThat(WordRules.prose(main("// The counter errors_to" + "ld.\n"))).isEmpty();
    assertThat(WordRules.prose(new SourceFile("pom.xml", "to" + "ld\n"))).isEmpty();
  }

  @Test
  void unfinished_work_is_found_in_comments_too() {
    assertThat(WordRules.unfinished(main("// TO" + "DO later\n"))).hasSize(1);
    assertThat(WordRules.unfinished(main("/* FIX" + "ME */\n"))).hasSize(1);
    assertThat(WordRules.unfinished(main("// XX" + "X\n"))).hasSize(1);
    assertThat(WordRules.unfinished(main("// METHODOLOGY\n"))).isEmpty();
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
  void a_public_type_without_javadoc_is_found() {
    String head = "package kpi;\n\nimport a.B;\n";

    assertThat(DocRules.publicTypes(main(head + "public final class A {\n  /** B. */ int b;\n}\n")))
        .containsExactly("src/main/java/kpi/A.java:4: a public type has Javadoc");
    assertThat(DocRules.publicTypes(main(head + "/** A. */\n@C(d = 1)\npublic record A() {}\n")))
        .isEmpty();
    assertThat(DocRules.publicTypes(main(head + "final class A {}\n"))).isEmpty();
  }

  @Test
  void a_simulation_without_goal_or_method_is_found() {
    String path = "src/test/java/simulations/ASimulation.java";

    assertThat(DocRules.simulations(new SourceFile(path, "/** Goal: a. */\n")))
        .containsExactly(path + ":1: a simulation's Javadoc says its Method:");
    assertThat(DocRules.simulations(new SourceFile(path, "/** Goal: a. Method: b. */\n")))
        .isEmpty();
    assertThat(DocRules.simulations(simulation("class A {}\n"))).isEmpty();
  }

  @Test
  void a_document_has_exactly_one_title() {
    assertThat(DocRules.titles(document("# A\n\n```sh\n# not a title\n```\n## B\n"))).isEmpty();
    assertThat(DocRules.titles(document("## A\n")))
        .containsExactly("docs/A.md:1: a document has one title, this one has 0");
    assertThat(DocRules.titles(document("# A\n# B\n"))).hasSize(1);
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
  void a_decision_of_600_words_fits_and_one_of_601_does_not() {
    String path = "docs/decisions/a.md";

    assertThat(DocRules.decisions(new SourceFile(path, "word ".repeat(600)))).isEmpty();
    assertThat(DocRules.decisions(new SourceFile(path, "word ".repeat(601))))
        .containsExactly(path + ":1: a decision has at most 600 words, not 601");
    assertThat(DocRules.decisions(document("word ".repeat(601)))).isEmpty();
  }

  @Test
  void places_on_one_machine_are_found() {
    String place = "/wo" + "rk/main";

    assertThat(PlaceRules.folders(document("\nsee " + place + "\n")))
        .containsExactly("docs/A.md:2: no absolute path of a machine");
    assertThat(PlaceRules.folders(document("target" + place + "\n"))).isEmpty();
    assertThat(PlaceRules.registries(document("https://nex" + "us.example.org/repository\n")))
        .containsExactly("docs/A.md:1: no host of a registry");
    assertThat(PlaceRules.registries(document("https://repo" + ".maven.apache.org/maven2/\n")))
        .containsExactly("docs/A.md:1: no host of a registry");
  }

  @Test
  void without_git_the_tree_is_walked(@TempDir Path root) throws Exception {
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

    assertThat(JavaText.codeOf(text)).hasSameSizeAs(text);
    assertThat(JavaText.codeOf(text).replace(" ", "")).isEqualTo("a\n\n\n\ni\n");
  }

  private static String typeWithMethodOf(int lines) {
    return "class A {\n  int a;\n  void run(int b) {\n"
        + "    b++;\n".repeat(lines - 2)
        + "  }\n}\n";
  }

  private static Stream<String> banned(String path, String text) {
    return WordRules.banned(new SourceFile(path, text));
  }

  private static SourceFile main(String text) {
    return new SourceFile("src/main/java/kpi/A.java", text);
  }

  private static SourceFile simulation(String text) {
    return new SourceFile("src/test/java/simulations/A.java", text);
  }

  private static SourceFile document(String text) {
    return new SourceFile("docs/A.md", text);
  }
}
