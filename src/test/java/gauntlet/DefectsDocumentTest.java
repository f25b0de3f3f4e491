package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import settings.Setting;
import targets.shared.TargetSpec;

/** docs/DEFECTS.md lists the defects that the targets have, and no others. */
class DefectsDocumentTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (?:[a-z]+ \\| )?`([a-z0-9-]+)");

  @Test
  void the_document_has_every_defect_of_every_target() throws IOException {
    Set<String> offered = new TreeSet<>();
    for (TargetSpec target : Targets.ALL) {
      for (Setting option : target.options()) {
        if (option.name().equals("defect")) {
          String names = option.meaning().substring(option.meaning().indexOf(": ") + 2);
          offered.addAll(List.of(names.split(", ")));
        }
      }
    }
    Set<String> documented =
        ROW.matcher(Files.readString(Path.of("docs", "DEFECTS.md")))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isNotEmpty().isEqualTo(offered);
  }
}
