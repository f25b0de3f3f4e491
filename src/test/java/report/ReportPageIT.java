package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import testing.Browser;

/** The page of a run in a headless Chromium: on a phone, a tablet and a desk, light and dark. */
@Timeout(120)
final class ReportPageIT {
  private static final int[] WIDTHS = {1280, 768, 390};
  private static final Path LOOK = Path.of("src/test/resources/report/look.js");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pass", "fail", "interrupted", "regressed", "uncompared", "stages"})
  void every_figure_can_be_read_at_every_width_in_both_colour_schemes(String name)
      throws Exception {
    Path page = Report.write(Golden.copy(name, folder)).get(0);
    String look = Files.readString(LOOK);
    List<String> faults = new ArrayList<>();
    JsonNode numbers = null;
    try (Browser browser = Browser.at(page.toUri())) {
      browser.await("document.readyState", "complete");
      browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })");
      for (int width : WIDTHS) {
        for (boolean dark : new boolean[] {false, true}) {
          browser.screen(width, dark);
          JsonNode seen = Golden.JSON.readTree(browser.evaluate(look));
          String screen = width + (dark ? " dark: " : " light: ");
          seen.path("faults").forEach(fault -> faults.add(screen + fault.asText()));
          numbers = numbers == null ? seen.path("numbers") : numbers;
          assertThat(seen.path("numbers")).as(screen).isNotEmpty().isEqualTo(numbers);
        }
      }
    }
    assertThat(faults).isEmpty();
  }
}
