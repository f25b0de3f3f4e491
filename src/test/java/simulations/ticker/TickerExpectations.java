package simulations.ticker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import kpi.Stages;
import verdict.Threshold;

/**
 * What is expected of a load by its size: more connections may be slower, and lose more. Written as
 * lines such as {@code 1000: rtt.mean < 10 ms}, which is meant for up to 1,000 connections; what is
 * said of the most connections is meant for still more too.
 */
final class TickerExpectations {
  private final List<Line> lines;
  private final Map<String, Double> words;

  /** A limit for up to so many connections. */
  record Line(int connections, String limit) {}

  /**
   * @param lines as parsed
   * @param words values in ms of the words in limits
   */
  TickerExpectations(List<Line> lines, Map<String, Double> words) {
    this.lines = lines;
    this.words = words;
  }

  /**
   * Parses a line.
   *
   * @throws IllegalArgumentException saying what is wrong and what to write
   */
  static Line parse(String text, Map<String, Double> words) {
    int colon = text.indexOf(':');
    String size = text.substring(0, Math.max(0, colon)).strip();
    if (!size.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "'" + text + "' does not say for how many connections; write 1000: rtt.mean < 10 ms");
    }
    String limit = text.substring(colon + 1).strip();
    var unused = Threshold.parse(limit, words);
    return new Line(Integer.parseInt(size), limit);
  }

  /** What is expected of stages; the figures of a stage without a name are the run's. */
  List<Threshold> of(List<TickerStage> stages) {
    List<Threshold> limits = new ArrayList<>();
    for (TickerStage stage : stages) {
      String prefix = stage.name().isEmpty() ? "" : Stages.prefix(stage.name());
      OptionalInt size = size(stage.connections());
      lines.stream()
          .filter(line -> size.isPresent() && line.connections() == size.getAsInt())
          .map(line -> Threshold.parse(prefix + line.limit(), words))
          .forEach(limits::add);
    }
    return limits;
  }

  private OptionalInt size(int connections) {
    OptionalInt enough =
        lines.stream().mapToInt(Line::connections).filter(size -> size >= connections).min();
    return enough.isPresent() ? enough : lines.stream().mapToInt(Line::connections).max();
  }
}
