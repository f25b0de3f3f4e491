package tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of the house, held against the whole tree. */
@Timeout(20)
class TidyTest {
  private static SourceTree tree;

  @BeforeAll
  static void read_the_tree() throws InterruptedException {
    tree = SourceTree.read(Path.of(""));
  }

  @Test
  void the_tree_is_there() {
    assertThat(tree.java().map(SourceFile::path))
        .contains("src/main/java/kpi/Kpi.java", "src/test/java/tidy/TidyTest.java")
        .noneMatch(path -> path.startsWith("target/"));
  }

  @Test
  void rooms_see_only_the_rooms_of_the_import_table() {
    holds(ImportRules::rooms);
  }

  @Test
  void main_never_sees_gatling() {
    holds(ImportRules::gatling);
  }

  @Test
  void imports_name_what_they_import() {
    holds(ImportRules::stars);
  }

  @Test
  void packages_are_named_in_imports_only() {
    holds(ImportRules::qualified);
  }

  @Test
  void lines_fit_the_page() {
    holds(SizeRules::columns);
  }

  @Test
  void methods_are_short() {
    holds(SizeRules::methodLines);
  }

  @Test
  void files_are_short() {
    holds(SizeRules::fileLines);
  }

  @Test
  void banned_words_are_absent() {
    holds(WordRules::banned);
  }

  @Test
  void the_english_is_plain() {
    clean(tree.files().stream().flatMap(WordRules::prose));
  }

  @Test
  void nothing_is_left_unfinished() {
    holds(WordRules::unfinished);
  }

  @Test
  void every_package_is_described() {
    clean(DocRules.packages(tree.java()));
  }

  @Test
  void every_public_type_of_main_is_described() {
    holds(DocRules::publicTypes);
  }

  @Test
  void every_simulation_has_its_goal_and_its_method() {
    holds(DocRules::simulations);
  }

  @Test
  void every_document_has_one_title() {
    clean(tree.markdown().flatMap(DocRules::titles));
  }

  @Test
  void every_link_leads_somewhere() {
    clean(tree.markdown().flatMap(file -> DocRules.links(file, tree.root())));
  }

  @Test
  void every_decision_is_short() {
    clean(tree.markdown().flatMap(DocRules::decisions));
  }

  @Test
  void no_file_names_a_place_on_one_machine() {
    clean(tree.files().stream().flatMap(PlaceRules::folders));
    clean(tree.files().stream().flatMap(PlaceRules::registries));
  }

  private static void holds(Function<SourceFile, Stream<String>> rule) {
    clean(tree.java().flatMap(rule));
  }

  /** A debt that is paid is struck off the list, or the rule would not hold the file any more. */
  private static void clean(Stream<String> breaches) {
    assertThat(breaches.toList()).isEmpty();
  }
}
