package bench.fanout;

import bench.Rates;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import settings.SettingsReader;
import stack.TargetJvm;

/**
 * What {@code bench fanout} was asked for.
 *
 * @param lanes in this order
 * @param viewers of each lane
 * @param rates messages a second, rising; each viewer gets every message
 * @param duration of each step
 * @param warmup length of the unmeasured step at the beginning of each lane, at the lowest rate
 * @param limit a step whose lag has a higher 99th percentile does not hold
 * @param jvmOptions of ticker and broadcast
 * @param readyWithin how long each process may take to get ready
 */
public record FanOutSettings(
    List<LaneKind> lanes,
    int viewers,
    List<Integer> rates,
    Duration duration,
    Duration warmup,
    Duration limit,
    List<String> jvmOptions,
    Duration readyWithin) {
  /** Every option and its default, as the user would type it. */
  public static final Map<String, String> DEFAULTS = defaults();

  private static final int RATE_MAX = 100_000;
  private static final int VIEWERS_MAX = 100_000;

  /** Bounds the book of when each message was due. */
  private static final long MESSAGES_MAX = 10_000_000;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MS = Duration.ofMillis(1);

  /**
   * Reads the options.
   *
   * @param values what the user typed, by option without its dashes
   * @throws settings.BadSettings with every wrong value
   */
  public static FanOutSettings read(Map<String, String> values) {
    Map<String, String> merged = new LinkedHashMap<>(DEFAULTS);
    merged.putAll(values);
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(merged, "bench"), path -> "--" + path);
    FanOutSettings settings =
        new FanOutSettings(
            lanes(from),
            from.integer("viewers", 1, VIEWERS_MAX),
            Rates.read(from, RATE_MAX),
            from.duration("duration", Duration.ofMillis(100), HOUR),
            from.duration("warmup", Duration.ofMillis(100), HOUR),
            from.duration("limit", MS, Duration.ofMinutes(1)),
            List.of(from.text("jvm-options").split("\\s+", -1)),
            from.duration("ready-within", Duration.ofSeconds(1), HOUR));
    if (from.isRight()) {
      settings.check(from);
    }
    from.finish();
    return settings;
  }

  /** Messages of a step. */
  static long messages(int rate, Duration length) {
    return Math.max(1, rate * length.toMillis() / 1000);
  }

  private void check(SettingsReader from) {
    long all = messages(rates.get(0), warmup);
    for (int rate : rates) {
      all += messages(rate, duration);
    }
    if (all > MESSAGES_MAX) {
      from.error(
          "duration",
          "over all --rates these would be more than "
              + MESSAGES_MAX
              + " messages: write a shorter one");
    }
  }

  private static List<LaneKind> lanes(SettingsReader from) {
    Set<LaneKind> lanes = new LinkedHashSet<>();
    for (String word : from.text("lanes").split(",", -1)) {
      LaneKind.of(word.strip())
          .ifPresentOrElse(
              lanes::add,
              () ->
                  from.error(
                      "lanes", "'" + word + "' is no lane; write some of " + LaneKind.words()));
    }
    return List.copyOf(lanes);
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("lanes", LaneKind.words());
    defaults.put("viewers", "1000");
    defaults.put("rates", "10,20,40");
    defaults.put("duration", "10s");
    defaults.put("warmup", "10s");
    defaults.put("limit", "100ms");
    defaults.put("jvm-options", String.join(" ", TargetJvm.options("256m")));
    defaults.put("ready-within", "30s");
    return Map.copyOf(defaults);
  }
}
