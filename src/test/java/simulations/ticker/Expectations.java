package simulations.ticker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import kpi.Stages;
import settings.SettingsReader;
import simulations.run.RunOptions;
import verdict.Threshold;

/**
 * Thresholds by the size of the load: more connections may be slower, and lose more. A line such as
 * {@code 1000: rtt.mean < 10 ms} is meant for up to 1,000 connections; the lines of the largest
 * size are meant for still more too.
 *
 * @param lines as parsed
 * @param words values in ms of the words in thresholds
 */
record Expectations(List<Line> lines, Map<String, Double> words) {
  /** A threshold for up to so many connections. */
  record Line(int connections, String threshold) {}

  /** Reads the setting {@code expected}; errors go to the reader. */
  static Expectations read(SettingsReader from, Map<String, Double> words) {
    return new Expectations(RunOptions.parsed(from, "expected", text -> parse(text, words)), words);
  }

  private static Line parse(String text, Map<String, Double> words) {
    int colon = text.indexOf(':');
    String size = text.substring(0, Math.max(0, colon)).strip();
    if (!size.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "'" + text + "' does not say for how many connections; write 1000: rtt.mean < 10 ms");
    }
    String threshold = text.substring(colon + 1).strip();
    var unused = Threshold.parse(threshold, words);
    return new Line(Integer.parseInt(size), threshold);
  }

  /** Returns the thresholds of stages; the figures of a stage without a name are the run's. */
  List<Threshold> of(List<TickerStage> stages) {
    List<Threshold> thresholds = new ArrayList<>();
    for (TickerStage stage : stages) {
      String prefix = stage.name().isEmpty() ? "" : Stages.prefix(stage.name());
      OptionalInt size = size(stage.connections());
      lines.stream()
          .filter(line -> size.isPresent() && line.connections() == size.getAsInt())
          .map(line -> Threshold.parse(prefix + line.threshold(), words))
          .forEach(thresholds::add);
    }
    return thresholds;
  }

  private OptionalInt size(int connections) {
    OptionalInt enough =
        lines.stream().mapToInt(Line::connections).filter(size -> size >= connections).min();
    return enough.isPresent() ? enough : lines.stream().mapToInt(Line::connections).max();
  }
}
