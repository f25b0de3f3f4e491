package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/KPIS.md says what the catalogue says, in the same order. */
class CatalogueDocumentTest {
  @Test
  void the_document_has_every_kpi_with_its_own_words() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs", "KPIS.md")).stream()
            .dropWhile(line -> !line.startsWith("| name |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Kpi.values()).map(CatalogueDocumentTest::row).toList());
  }

  private static String row(Kpi kpi) {
    return String.format(
        "| `%s` | %s | %s | %s |",
        kpi.word(), kpi.unit(), kpi.direction().word(), kpi.definition().replace("|", "\\|"));
  }
}
