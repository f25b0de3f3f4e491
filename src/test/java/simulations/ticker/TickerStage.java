package simulations.ticker;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import settings.BadSettings;
import settings.SettingsReader;

/**
 * A stage of load: users arrive, stay and leave.
 *
 * @param name in figures and checks, such as 1000; empty if it is the only one
 * @param connections at once
 * @param rampup length of their arrival, whole seconds
 * @param duration time that all of them stay after that
 * @param frequency from one ping of a user to the next
 */
public record TickerStage(
    String name, int connections, Duration rampup, Duration duration, Duration frequency) {
  private static final int MAX_CONNECTIONS = 200_000;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /** The settings of a stage, in the order in which a text names them. */
  static final List<String> PARTS = List.of("connections", "rampup", "duration", "frequency");

  /** Reads the only stage of a run. */
  static TickerStage read(SettingsReader from) {
    return new TickerStage(
        "",
        from.integer("connections", 1, MAX_CONNECTIONS),
        from.wholeSeconds("rampup", SECOND, HOUR),
        from.millis("duration", SECOND, Duration.ofDays(1)),
        from.millis("frequency", Duration.ofMillis(10), HOUR));
  }

  /**
   * Parses a stage such as {@code 100:10s:30s:5s}.
   *
   * @throws IllegalArgumentException with the mistake and an example
   */
  static TickerStage parse(String text) {
    String[] parts = text.strip().split(":", -1);
    if (parts.length != PARTS.size()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no stage; write " + String.join(":", PARTS) + " as 100:10s:30s:5s");
    }
    Map<String, String> values = new HashMap<>();
    for (int part = 0; part < parts.length; part++) {
      values.put(PARTS.get(part), parts[part].strip());
    }
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(values), part -> "the " + part + " of " + text);
    TickerStage stage = read(from);
    try {
      from.finish();
    } catch (BadSettings e) {
      throw new IllegalArgumentException(String.join("; ", e.errors()), e);
    }
    return stage;
  }

  /** Returns the stages named by their connections; the second one of 100 is 100_2. */
  static List<TickerStage> named(List<TickerStage> stages) {
    List<TickerStage> named = new ArrayList<>();
    for (TickerStage stage : stages) {
      long before = named.stream().filter(other -> other.connections == stage.connections).count();
      String name = stage.connections + (before == 0 ? "" : "_" + (before + 1));
      named.add(
          new TickerStage(name, stage.connections, stage.rampup, stage.duration, stage.frequency));
    }
    return named;
  }

  /** Describes its users, such as {@code 100 over 10 s for 30 s, pinging every 5.0 s}. */
  String words() {
    return String.format(
        Locale.ROOT,
        "%,d over %d s for %d s, pinging every %s s",
        connections,
        rampup.toSeconds(),
        duration.toSeconds(),
        frequency.toMillis() / 1e3);
  }
}
