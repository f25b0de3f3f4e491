package tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house, held against the whole tree. */
class TidyTest {
  private static SourceTree tree;

  @BeforeAll
  static void read_the_tree() throws IOException {
    tree = SourceTree.read(Path.of(""));
  }

  @Test
  void the_tree_is_there() {
    assertThat(tree.java().map(SourceFile::path))
        .contains("src/main/java/kpi/Kpi.java", "src/test/java/tidy/TidyTest.java")
        .noneMatch(path -> path.startsWith("target/"));
  }

  interface Rule extends Function<SourceFile, Stream<String>> {}

  static Stream<Arguments> rules() {
    return Stream.of(
        java("rooms see only the rooms of the import table", ImportRules::rooms),
        java("imports name what they import", ImportRules::stars),
        java("packages are named in imports only", ImportRules::qualified),
        java("lines fit the page", SizeRules::columns),
        java("methods are short", SizeRules::methodLines),
        java("files are short", SizeRules::fileLines),
        java("banned words are absent", WordRules::banned),
        java("numbers have the digits of no locale", WordRules::locales),
        java("nothing is left unfinished", WordRules::unfinished),
        java("every public type of main is described", DocRules::publicTypes),
        java("every simulation has its goal and its method", DocRules::simulations),
        arguments("the English is plain", (Rule) WordRules::prose),
        arguments("no file names a place on one machine", (Rule) WordRules::places),
        markdown("every document has one title", DocRules::titles),
        markdown("every link leads to a file", file -> DocRules.links(file, tree.root())),
        markdown("every decision is short", DocRules::decisions));
  }

  private static Arguments java(String name, Rule rule) {
    return arguments(name, (Rule) file -> file.isJava() ? rule.apply(file) : Stream.empty());
  }

  private static Arguments markdown(String name, Rule rule) {
    return arguments(
        name, (Rule) file -> file.path().endsWith(".md") ? rule.apply(file) : Stream.empty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void a_rule_holds_in_every_file(String name, Rule rule) {
    assertThat(tree.files().stream().flatMap(rule)).as(name).isEmpty();
  }

  @Test
  void every_room_of_the_import_table_exists() {
    assertThat(ImportRules.emptyRooms(tree.java())).isEmpty();
    assertThat(ImportRules.emptyRooms(Stream.empty())).contains("kpi", "targets.shared");
  }

  @Test
  void every_package_is_described() {
    assertThat(DocRules.packages(tree.java())).isEmpty();
  }
}
