package bench.bids;

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
 * What {@code bench bids} was asked for.
 *
 * @param strategies of the bid service, in this order
 * @param users connections at once, rising; each bids again as soon as it is answered
 * @param duration of each step
 * @param warmup length of the unmeasured step at the beginning of each strategy
 * @param jvmOptions of the bid service
 * @param readyWithin how long each process may take to get ready
 */
public record BidsSettings(
    List<String> strategies,
    List<Integer> users,
    Duration duration,
    Duration warmup,
    List<String> jvmOptions,
    Duration readyWithin) {
  /** Every option and its default, as the user would type it. */
  public static final Map<String, String> DEFAULTS = defaults();

  private static final Set<String> STRATEGIES = Set.of("lua", "optimistic");
  private static final int USERS_MAX = 15_000;
  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * Reads the options.
   *
   * @param values what the user typed, by option without its dashes
   * @throws settings.BadSettings with every wrong value
   */
  public static BidsSettings read(Map<String, String> values) {
    Map<String, String> merged = new LinkedHashMap<>(DEFAULTS);
    merged.putAll(values);
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(merged, "bench"), path -> "--" + path);
    BidsSettings settings =
        new BidsSettings(
            strategies(from),
            Rates.read(from, "users", USERS_MAX),
            // The programs that make the load take whole seconds.
            from.wholeSeconds("duration", Duration.ofSeconds(1), HOUR),
            from.wholeSeconds("warmup", Duration.ofSeconds(1), HOUR),
            List.of(from.text("jvm-options").split("\\s+", -1)),
            from.duration("ready-within", Duration.ofSeconds(1), HOUR));
    from.finish();
    return settings;
  }

  private static List<String> strategies(SettingsReader from) {
    Set<String> strategies = new LinkedHashSet<>();
    for (String word : from.text("strategies").split(",", -1)) {
      if (!STRATEGIES.contains(word.strip())) {
        from.error("strategies", "'" + word + "' is no strategy; write lua, optimistic or both");
      }
      strategies.add(word.strip());
    }
    return List.copyOf(strategies);
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("strategies", "lua,optimistic");
    defaults.put("users", "100,1000,2000");
    defaults.put("duration", "10s");
    defaults.put("warmup", "15s");
    defaults.put("jvm-options", String.join(" ", TargetJvm.options("256m")));
    defaults.put("ready-within", "30s");
    return Map.copyOf(defaults);
  }
}
