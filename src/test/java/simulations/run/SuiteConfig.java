package simulations.run;

import static java.util.regex.Matcher.quoteReplacement;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import settings.SettingsReader;
import verdict.Numbers;

/**
 * The sources of a simulation's settings: {@code -D} before the environment before the profile
 * before the defaults of {@code gauntlet.conf}. Of two variables the one with the simulation's
 * section in its name comes first.
 */
public final class SuiteConfig {
  private static final String RESOURCE = "gauntlet.conf";

  private static final List<String> LIMITS = List.of("slos", "thresholds", "expected");

  /** The one common setting that shapes the load: another way to the service. */
  private static final String WAY = "proxy-server";

  private static final String VARIABLE = "GAUNTLET_";

  /** The end of keys of peers, which options leave out. */
  private static final String PEER = ".peer";

  /** The place of an option's value in the description of the load. */
  private static final Pattern PLACE = Pattern.compile("\\{([a-z0-9.-]+)}");

  private final Map<String, String> properties;
  private final Map<String, String> environment;
  private final SettingsReader reader;
  private final SettingsReader validity;
  private final String profile;
  private final Config simulation;
  private final Config merged;
  private final Config shared;

  /**
   * Merges the sources of one simulation.
   *
   * @param section its section in {@code gauntlet.conf}
   */
  public SuiteConfig(
      String section, Map<String, String> properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
    Config suite = ConfigFactory.parseResources(RESOURCE).resolve();
    simulation = suite.getConfig(section);
    shared = suite.getConfig("run");
    Config defaults = simulation.getConfig("defaults").withFallback(shared);
    Map<String, String> variables = new HashMap<>(environment);
    if (simulation.hasPath("environment")) { // Other names of variables, with the key of each.
      simulation
          .getObject("environment")
          .unwrapped()
          .forEach((name, key) -> variables.putIfAbsent(variable("" + key), environment.get(name)));
    }
    Function<String, Optional<String>> typed =
        key ->
            Optional.ofNullable(properties.get(option(key)))
                .or(() -> Optional.ofNullable(variables.get(variable(section + "." + option(key)))))
                .or(() -> Optional.ofNullable(variables.get(variable(option(key)))))
                .map(text -> key.equals("shard") ? ofJob(text, environment) : text);
    profile = typed.apply("profile").orElse(simulation.getString("profile"));
    Config profiles = simulation.getConfig("profiles");
    boolean known = profiles.root().containsKey(profile);
    merged =
        typed(defaults, typed)
            .withFallback(known ? profiles.getConfig(profile) : ConfigFactory.empty())
            .withFallback(defaults);
    reader =
        new SettingsReader(merged, path -> path.startsWith(VARIABLE) ? path : "-D" + option(path));
    validity = new SettingsReader(suite.getConfig("validity"), path -> "validity." + path);
    if (!known) {
      String names = String.join(", ", new TreeSet<>(profiles.root().keySet()));
      reader.error("profile", "'" + profile + "' is unknown; choose one of " + names);
    }
    unknown(suite, section);
  }

  /**
   * Reports names that are almost an option, and properties that are one of other simulations only:
   * a run without it would be of another load. Variables may be for several simulations.
   */
  private void unknown(Config suite, String simulation) {
    Set<String> options = new TreeSet<>(Set.of("profile"));
    Set<String> others = new TreeSet<>();
    Set<String> variables = new TreeSet<>();
    for (String section : suite.root().keySet()) {
      String own = section.equals("run") ? section : section + ".defaults";
      if (suite.hasPath(own)) {
        boolean isRead = section.equals("run") || section.startsWith(simulation);
        Set<String> names = isRead ? options : others;
        suite.getConfig(own).entrySet().forEach(entry -> names.add(option(entry.getKey())));
      }
    }
    others.removeAll(options);
    properties.keySet().stream()
        .filter(name -> name.startsWith("validity."))
        .forEach(name -> reader.error(name, "is no option: every run is held to the same bounds"));
    others.stream()
        .filter(properties::containsKey)
        .forEach(
            other -> reader.error(other, "is an option of other simulations, not of this one"));
    options.addAll(others);
    for (String option : options) {
      variables.add(words(option));
      suite.root().keySet().forEach(section -> variables.add(words(section + "." + option)));
    }
    Slips.of(properties.keySet(), options)
        .forEach((typed, meant) -> reader.error(typed, "is no option; -D" + meant + " is"));
    Set<String> ours = new TreeSet<>();
    for (String name : environment.keySet()) {
      if (name.startsWith(VARIABLE)) {
        ours.add(name.substring(VARIABLE.length()));
      }
    }
    Slips.of(ours, variables)
        .forEach(
            (typed, meant) ->
                reader.error(VARIABLE + typed, "is no option; " + VARIABLE + meant + " is"));
  }

  /** Merges the sources with this JVM's properties and environment. */
  public static SuiteConfig of(String section) {
    Map<String, String> properties =
        System.getProperties().stringPropertyNames().stream()
            .collect(Collectors.toMap(name -> name, System::getProperty));
    return new SuiteConfig(section, properties, System.getenv());
  }

  /** Returns another section of the same sources. */
  public SuiteConfig section(String other) {
    return new SuiteConfig(other, properties, environment);
  }

  /** Returns the reader of the simulation's settings and the common ones. */
  public SettingsReader reader() {
    return reader;
  }

  /** Returns the reader of the bounds of validity. */
  public SettingsReader validity() {
    return validity;
  }

  /** Returns the profile, with the prefix of a section that shares a simulation with others. */
  public String profile() {
    return text("prefix") + profile;
  }

  /** Returns the simple class name of the simulation. */
  String simulation() {
    return text("simulation");
  }

  Description description() {
    return new Description(text("description").replaceAll("\\s+", " "), reader.values());
  }

  /**
   * What a section says of its load.
   *
   * @param text with {@code {option}} in the place of a value
   * @param values of all options, once they are read
   */
  record Description(String text, Map<String, Object> values) {
    String words() {
      return PLACE
          .matcher(text)
          .replaceAll(place -> quoteReplacement(Numbers.text(value(place.group(1)))));
    }

    private Object value(String option) {
      return Objects.requireNonNull(values.get(option), () -> "no option " + option);
    }

    /** Leaves the values out, for some are secrets. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Returns the options that name a target that several generators can load. */
  List<String> sharedTargets() {
    return simulation.hasPath("shared") ? simulation.getStringList("shared") : List.of();
  }

  /** Returns the figures that the simulation's report shows first, the most important first. */
  public List<String> headlines() {
    return simulation.getStringList("headlines");
  }

  /**
   * Returns the simulation's settings as texts for the manifest, without any secret. Limits are
   * left out: the manifest has those that hold.
   */
  public Map<String, String> asTexts() {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : merged.entrySet()) {
      if (!shared.hasPath(entry.getKey()) && !LIMITS.contains(entry.getKey())) {
        Object value = entry.getValue().unwrapped();
        texts.put(
            entry.getKey(),
            value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(value));
      }
    }
    if (!merged.getString(WAY).isEmpty()) {
      texts.put(WAY, merged.getString(WAY));
    }
    return Secrets.removed(texts);
  }

  /** Returns a share with the index of this pod in a Kubernetes Indexed Job, if it has one. */
  private static String ofJob(String shard, Map<String, String> environment) {
    String index = environment.getOrDefault("JOB_COMPLETION_INDEX", Shard.JOB);
    return shard.replaceFirst("^" + Shard.JOB + "/", quoteReplacement(index) + "/");
  }

  private String text(String key) {
    return simulation.hasPath(key) ? simulation.getString(key) : "";
  }

  private static String variable(String key) {
    return VARIABLE + words(key);
  }

  private static String words(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Returns the option of a key: {@code -Dproxy=nginx} sets {@code proxy.peer}. */
  private static String option(String key) {
    return key.endsWith(PEER) ? key.substring(0, key.length() - PEER.length()) : key;
  }

  /** The values that the user typed, in the form of the defaults. */
  private static Config typed(Config defaults, Function<String, Optional<String>> typed) {
    Map<String, Object> values = new HashMap<>();
    for (Map.Entry<String, ConfigValue> entry : defaults.entrySet()) {
      typed
          .apply(entry.getKey())
          .ifPresent(text -> values.put(entry.getKey(), form(text, entry.getValue().unwrapped())));
    }
    return ConfigFactory.parseMap(values, "command line");
  }

  /** Lists are separated by commas; a switch may be named without a value. */
  private static Object form(String text, Object byDefault) {
    if (byDefault instanceof List) {
      return List.of(text.strip().split("\\s*,\\s*"));
    }
    return byDefault instanceof Boolean && text.isBlank() ? "true" : text;
  }
}
