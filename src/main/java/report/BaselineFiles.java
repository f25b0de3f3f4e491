package report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import verdict.Numbers;

/**
 * comparison.json and baseline.json. A run without either is no worse for it; one whose verdict
 * rests on them is, and then the page says what it cannot show.
 */
final class BaselineFiles {
  /** The word of comparison.json for a run that was compared. */
  static final String COMPARED = "compared";

  private static final String COMPARISON = "comparison.json";
  private static final String BASELINE = "baseline.json";

  private BaselineFiles() {}

  /** comparison.json, or a missing node; half-written changes are named and left out. */
  static JsonNode comparison(Path folder, JsonNode verdict, List<Missing> missing)
      throws IOException {
    boolean judged = false;
    for (JsonNode check : verdict.path("checks")) {
      judged |= check.path("kind").asText("").equals("baseline");
    }
    if (!judged && !Files.exists(folder.resolve(COMPARISON))) {
      return MissingNode.getInstance();
    }
    JsonNode comparison =
        RunFolder.object(folder, COMPARISON, "No change since the baseline can be shown.", missing);
    if (comparison.path("state").asText("").equals(COMPARED)) {
      lookThrough(comparison.path("changes"), missing);
    }
    return comparison;
  }

  /** baseline.json, or a missing node. */
  static JsonNode baseline(Path folder, JsonNode comparison, List<Missing> missing)
      throws IOException {
    boolean compared = comparison.path("state").asText("").equals(COMPARED);
    if (!compared && !Files.exists(folder.resolve(BASELINE))) {
      return MissingNode.getInstance();
    }
    String loss = "The baseline's latency distributions cannot be drawn.";
    JsonNode baseline = RunFolder.object(folder, BASELINE, loss, missing);
    if (baseline.isObject() && !baseline.path("distributions").isObject()) {
      missing.add(new Missing(BASELINE, "The file holds no distributions. " + loss));
    }
    return baseline;
  }

  private static void lookThrough(JsonNode changes, List<Missing> missing) {
    if (!changes.isArray()) {
      missing.add(new Missing(COMPARISON, "The file holds no list of changes."));
      return;
    }
    int broken = 0;
    for (JsonNode change : changes) {
      broken += Change.readable(change) ? 0 : 1;
    }
    if (broken > 0) {
      String are = broken == 1 ? "1 change is" : Numbers.count(broken) + " changes are";
      missing.add(new Missing(COMPARISON, are + " without a name and left out."));
    }
  }
}
