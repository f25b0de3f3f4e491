package bench;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import settings.SettingsReader;
import stack.TargetJvm;

/**
 * What a bench was asked for.
 *
 * @param load the streams
 * @param rounds measured rounds; one more, unmeasured, comes first
 * @param threads event loops of Gauntlet's proxy, workers of nginx, threads of HAProxy
 * @param jvmOptions of the targets' processes
 * @param readyWithin how long each process may take to get ready
 */
public record BenchSettings(
    StreamLoad load, int rounds, int threads, List<String> jvmOptions, Duration readyWithin) {
  /** Every option and its default, as the user would type it. */
  public static final Map<String, String> DEFAULTS = defaults();

  /** The shortest plateau whose CPU can be read to a few percent, as {@code /proc} ticks 10 ms. */
  private static final Duration MIN_PLATEAU = Duration.ofSeconds(1);

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MS = Duration.ofMillis(1);

  /**
   * Reads the options.
   *
   * @param values what the user typed, by option without its dashes
   * @throws settings.BadSettings with every wrong value
   */
  public static BenchSettings read(Map<String, String> values) {
    Map<String, String> merged = new LinkedHashMap<>(DEFAULTS);
    merged.putAll(values);
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(merged, "bench"), path -> "--" + path);
    StreamLoad load =
        new StreamLoad(
            from.integer("streams", 1, 50_000),
            from.integer("tokens", 1, 100_000),
            from.duration("duration", MS, HOUR),
            from.duration("first-token", Duration.ZERO, HOUR),
            from.duration("rampup", MS, HOUR));
    if (from.isRight()
        && load.plateauEndNs()
            < load.rampup().plus(MIN_PLATEAU).plus(load.firstToken()).toNanos()) {
      from.error(
          "rampup",
          "must be at least 1.2s shorter than --duration, or all streams are never open at once for"
              + " long enough to measure");
    }
    BenchSettings settings =
        new BenchSettings(
            load,
            from.integer("rounds", 1, 100),
            from.integer("threads", 1, 64),
            List.of(from.text("jvm-options").split("\\s+", -1)),
            from.duration("ready-within", Duration.ofSeconds(1), HOUR));
    from.finish();
    return settings;
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("streams", "1000");
    defaults.put("tokens", "163");
    defaults.put("duration", "10s");
    defaults.put("first-token", "0ms");
    defaults.put("rampup", "5s");
    defaults.put("rounds", "3");
    defaults.put("threads", "1");
    defaults.put("jvm-options", String.join(" ", TargetJvm.options("128m")));
    defaults.put("ready-within", "30s");
    return Map.copyOf(defaults);
  }
}
