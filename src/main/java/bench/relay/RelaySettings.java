package bench.relay;

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
 * What {@code bench relay} was asked for.
 *
 * @param lanes in this order
 * @param rates tokens a second over all conversations, rising
 * @param streams conversations at once
 * @param duration of each step
 * @param warmup length of the unmeasured step at the beginning of each lane
 * @param refine steps between the last rate that held and the first that did not
 * @param tries a rate holds if one of so many steps did
 * @param limit a step whose lag has a higher 99th percentile does not hold
 * @param idle streams of the idle bench, 0 for the bench of rates
 * @param every time between two tokens of an idle stream
 * @param jvmOptions of bridge and adapter
 * @param readyWithin how long each of them may take to get ready
 */
public record RelaySettings(
    List<LaneKind> lanes,
    List<Integer> rates,
    int streams,
    Duration duration,
    Duration warmup,
    int refine,
    int tries,
    Duration limit,
    int idle,
    Duration every,
    List<String> jvmOptions,
    Duration readyWithin) {
  /** Every option and its default, as the user would type it. */
  public static final Map<String, String> DEFAULTS = defaults();

  private static final int RATE_MAX = 1_000_000;
  private static final int STREAMS_MAX = 15_000;

  /** Bounds the books of a step. */
  private static final long TOKENS_MAX = 50_000_000;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MS = Duration.ofMillis(1);

  /**
   * Reads the options.
   *
   * @param values what the user typed, by option without its dashes
   * @throws settings.BadSettings with every wrong value
   */
  public static RelaySettings read(Map<String, String> values) {
    Map<String, String> merged = new LinkedHashMap<>(DEFAULTS);
    merged.putAll(values);
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(merged, "bench"), path -> "--" + path);
    RelaySettings settings =
        new RelaySettings(
            lanes(from),
            Rates.read(from, RATE_MAX),
            from.integer("streams", 1, STREAMS_MAX),
            from.duration("duration", Duration.ofMillis(100), HOUR),
            from.duration("warmup", MS, HOUR),
            from.integer("refine", 0, 10),
            from.integer("tries", 1, 10),
            from.duration("limit", MS, Duration.ofMinutes(1)),
            from.integer("idle", 0, STREAMS_MAX),
            from.duration("every", Duration.ofMillis(10), Duration.ofMinutes(5)),
            List.of(from.text("jvm-options").split("\\s+", -1)),
            from.duration("ready-within", Duration.ofSeconds(1), HOUR));
    if (from.isRight()) {
      settings.check(from);
    }
    from.finish();
    return settings;
  }

  private void check(SettingsReader from) {
    int slowest = rates.get(0);
    double seconds = duration.toMillis() / 1e3;
    if (slowest * seconds < streams) {
      from.error(
          "rates",
          "%d tokens/s for %.1f s are fewer than the %d --streams: write a higher rate, a longer"
                  .formatted(slowest, seconds, streams)
              + " --duration or fewer streams");
    }
    if (rates.get(rates.size() - 1) * seconds > TOKENS_MAX) {
      from.error(
          "duration",
          "at the highest of --rates these would be more than "
              + TOKENS_MAX
              + " tokens: write a shorter one");
    }
    if (idle > 0 && !lanes.stream().anyMatch(LaneKind::hasAdapter)) {
      from.error("lanes", "--idle needs an adapter: write core, durable or both");
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
                      "lanes",
                      "'"
                          + word
                          + "' is no lane; write some of "
                          + LaneKind.words()
                          + " with commas"));
    }
    return List.copyOf(lanes);
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("lanes", LaneKind.words());
    defaults.put("rates", "1000,2000,4000,8000,16000,32000,64000,128000");
    defaults.put("streams", "100");
    defaults.put("duration", "10s");
    defaults.put("warmup", "10s");
    defaults.put("refine", "2");
    defaults.put("tries", "3");
    defaults.put("limit", "20ms");
    defaults.put("idle", "0");
    defaults.put("every", "10s");
    defaults.put("jvm-options", String.join(" ", TargetJvm.options("128m")));
    defaults.put("ready-within", "30s");
    return Map.copyOf(defaults);
  }
}
