package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import settings.BadSettings;

/**
 * What the injector of a finished run spent for each event, in microseconds of CPU.
 *
 * @param run the run's folder
 * @param whole over the whole measured phase, as the run itself reports it: ramp, hold and drain
 * @param plateau over the seconds of the stretch {@code hold} only, from the run's samples; empty
 *     if the run has no two such samples
 * @param plateauEvents events in those seconds
 */
public record InjectorCost(Path run, double whole, OptionalDouble plateau, long plateauEvents) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String INJECTOR = "injector";
  private static final String HOLD = "hold";
  private static final double US_PER_S = 1e6;

  /**
   * Reads a run.
   *
   * @throws BadSettings if the folder holds no such run
   */
  static InjectorCost of(Path run) {
    Path kpis = run.resolve("kpi.json");
    Path samples = run.resolve("samples.ndjson");
    if (!Files.isRegularFile(kpis) || !Files.isRegularFile(samples)) {
      throw wrong(run + " is no finished run: it has no kpi.json and samples.ndjson");
    }
    try {
      JsonNode figure =
          MAPPER
              .readTree(kpis.toFile())
              .path("figures")
              .path(INJECTOR + ".cpu_us_per_event")
              .path("value");
      if (!figure.isNumber()) {
        throw wrong(kpis + " has no figure " + INJECTOR + ".cpu_us_per_event");
      }
      Plateau hold = plateau(Files.readAllLines(samples));
      return new InjectorCost(run, figure.asDouble(), hold.usPerEvent(), Math.round(hold.events));
    } catch (IOException e) {
      throw wrong("cannot read " + run + ": " + e.getMessage());
    }
  }

  /** CPU and events between the first and the last of some samples. */
  record Plateau(double events, double cpuS) {
    OptionalDouble usPerEvent() {
      return events <= 0 ? OptionalDouble.empty() : OptionalDouble.of(cpuS * US_PER_S / events);
    }
  }

  /**
   * The plateau in the lines of {@code samples.ndjson}: a sample's rate covers the time since the
   * sample before, so the first sample only marks the beginning.
   */
  static Plateau plateau(List<String> lines) throws IOException {
    List<JsonNode> hold = new ArrayList<>();
    for (String line : lines) {
      JsonNode sample = MAPPER.readTree(line);
      boolean measured = sample.at("/processes/" + INJECTOR + "/cpu_s").isNumber();
      if (measured && sample.path("phase").asText().equals(HOLD)) {
        hold.add(sample);
      }
    }
    double events = 0;
    for (int at = 1; at < hold.size(); at++) {
      double seconds = hold.get(at).path("t").asDouble() - hold.get(at - 1).path("t").asDouble();
      events += hold.get(at).path("events_per_s").asDouble() * seconds;
    }
    double cpuS = hold.isEmpty() ? 0 : cpuS(hold.get(hold.size() - 1)) - cpuS(hold.get(0));
    return new Plateau(events, cpuS);
  }

  private static double cpuS(JsonNode sample) {
    return sample.at("/processes/" + INJECTOR + "/cpu_s").asDouble();
  }

  private static BadSettings wrong(String sentence) {
    return new BadSettings(
        List.of("--compare: " + sentence + "; name a folder such as target/runs/latest"));
  }
}
