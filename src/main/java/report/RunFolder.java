package report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import verdict.Numbers;

/**
 * What could be read of a run's files. Only the manifest has to be there: a run that was cut short
 * leaves the others out or half written, and that is exactly when somebody wants to see its report.
 *
 * @param manifest manifest.json, always an object
 * @param kpi kpi.json, or a missing node
 * @param verdict verdict.json, or a missing node
 * @param comparison comparison.json, or a missing node
 * @param baseline baseline.json, or a missing node
 * @param samples the whole lines of samples.ndjson, in their order
 * @param histograms latencies in nanoseconds by KPI, all measured intervals added up
 * @param missing what could not be read, and why
 */
record RunFolder(
    JsonNode manifest,
    JsonNode kpi,
    JsonNode verdict,
    JsonNode comparison,
    JsonNode baseline,
    List<JsonNode> samples,
    Map<String, Histogram> histograms,
    List<Missing> missing) {

  private static final int SCHEMA = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a run folder.
   *
   * @throws IOException if there is no readable manifest.json: then this is not a run folder
   */
  static RunFolder read(Path folder) throws IOException {
    JsonNode manifest = manifest(folder);
    List<Missing> missing = new ArrayList<>();
    JsonNode verdict =
        object(
            folder,
            "verdict.json",
            "Nobody judged this run, so its figures prove nothing.",
            missing);
    JsonNode kpi = object(folder, "kpi.json", "There are no figures to show.", missing);
    JsonNode comparison = BaselineFiles.comparison(folder, verdict, missing);
    JsonNode baseline = BaselineFiles.baseline(folder, comparison, missing);
    List<JsonNode> samples = samples(folder, missing);
    Map<String, Histogram> histograms = HistogramLogs.read(folder, missing);
    return new RunFolder(
        manifest, kpi, verdict, comparison, baseline, samples, histograms, List.copyOf(missing));
  }

  private static JsonNode manifest(Path folder) throws IOException {
    Path file = folder.resolve("manifest.json");
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "No manifest.json in "
              + folder
              + ": this is not a run folder, or the run never started.");
    }
    try {
      JsonNode manifest = JSON.readTree(Files.readString(file));
      if (manifest.isObject()) {
        return manifest;
      }
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not JSON: it is not in UTF-8.", e);
    }
    throw new IOException(file + " is not a JSON object.");
  }

  /**
   * Reads a file that should hold a JSON object.
   *
   * @param loss what the reader loses without it, a sentence
   * @param missing takes a note if the file cannot be read
   * @return the object, or a missing node
   */
  static JsonNode object(Path folder, String name, String loss, List<Missing> missing)
      throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      missing.add(new Missing(name, "The file was not written. " + loss));
      return MissingNode.getInstance();
    }
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      if (!node.isObject()) {
        missing.add(new Missing(name, "The file holds no JSON object. " + loss));
        return MissingNode.getInstance();
      }
      if (node.path("schema").asInt(SCHEMA) > SCHEMA) {
        missing.add(
            new Missing(
                name,
                "The file is of a newer schema than this report knows; parts may be absent."));
      }
      return node;
    } catch (JsonProcessingException | CharacterCodingException e) {
      missing.add(new Missing(name, "The file is broken off or not JSON. " + loss));
      return MissingNode.getInstance();
    }
  }

  private static List<JsonNode> samples(Path folder, List<Missing> missing) throws IOException {
    String name = "samples.ndjson";
    Path file = folder.resolve(name);
    List<JsonNode> samples = new ArrayList<>();
    if (!Files.isRegularFile(file)) {
      missing.add(new Missing(name, "The file was not written. Nothing can be shown over time."));
      return samples;
    }
    int broken = 0;
    // Not newBufferedReader: it throws at a broken character, and takes the good lines with it.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode sample = sample(line);
        if (sample.path("t").isNumber()) {
          samples.add(sample);
        } else if (!line.isBlank()) {
          broken++;
        }
      }
    }
    if (broken > 0) {
      String lines = broken == 1 ? "1 line is" : Numbers.plain(broken) + " lines are";
      missing.add(
          new Missing(name, lines + " broken and left out, as after a crash or a full disk."));
    }
    if (samples.isEmpty()) {
      missing.add(new Missing(name, "The file has no samples. Nothing can be shown over time."));
    }
    return samples;
  }

  private static JsonNode sample(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // Counted by the caller and named on the page.
    }
  }
}
