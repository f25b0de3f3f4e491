package faults;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one entry of a plan; a wrong value is reported, and something else takes its place. */
final class PlanEntry {
  private final String name;
  private final Config config;
  private final List<String> errors;
  private final Set<String> read = new TreeSet<>();

  PlanEntry(int number, Config config, List<String> errors) {
    this.name = "faults[" + number + "]";
    this.config = config;
    this.errors = errors;
  }

  /** Returns a required time of at least 0. */
  Duration duration(String key) {
    return notNegative(key, signed(key));
  }

  /** Returns a time of at least 0. */
  Duration duration(String key, Duration byDefault) {
    return notNegative(key, time(key, Optional.of(byDefault)));
  }

  /** Returns a required time that may be negative. */
  Duration signed(String key) {
    return time(key, Optional.empty());
  }

  private Duration notNegative(String key, Duration value) {
    if (value.isNegative()) {
      error(key, "is negative");
    }
    return value;
  }

  private Duration time(String key, Optional<Duration> byDefault) {
    return value(key, byDefault, Duration.ZERO, Config::getDuration, "a time such as 5s");
  }

  /** Returns a required whole number of at least 1. */
  int number(String key) {
    int value = value(key, Optional.empty(), 1, Config::getInt, "a whole number");
    if (value < 1) {
      error(key, "is below 1");
    }
    return Math.max(1, value);
  }

  Direction direction() {
    Stream<String> names = Stream.of(Direction.values()).map(PlanEntry::lower);
    String word = choice("direction", "both", names.collect(Collectors.toCollection(TreeSet::new)));
    return Direction.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Returns one of some words. */
  String choice(String key, String byDefault, Set<String> words) {
    String word = value(key, Optional.of(byDefault), byDefault, Config::getString, "a word");
    return one(key, word, words) ? word : byDefault;
  }

  /** Returns the known words of a required word or list of words. */
  List<String> words(String key, Set<String> known) {
    BiFunction<Config, String, List<String>> one = (from, path) -> List.of(from.getString(path));
    boolean many = config.hasPath(key) && config.getValue(key).unwrapped() instanceof List;
    List<String> words =
        value(key, Optional.empty(), List.of(), many ? Config::getStringList : one, "a word");
    return words.stream().filter(word -> one(key, word, known)).toList();
  }

  private boolean one(String key, String word, Set<String> known) {
    if (!known.contains(word)) {
      error(key, "'%s' is unknown; choose of %s".formatted(word, String.join(", ", known)));
    }
    return known.contains(word);
  }

  /** Reports values that nothing has read. */
  void finish() {
    config.root().keySet().stream()
        .filter(key -> !read.contains(key))
        .forEach(
            key -> error(key, "is unknown here; this entry may have " + String.join(", ", read)));
  }

  void error(String key, String sentence) {
    errors.add(name + "." + key + " " + sentence);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private <T> T value(
      String key,
      Optional<T> byDefault,
      T standIn,
      BiFunction<Config, String, T> get,
      String what) {
    read.add(key);
    if (!config.hasPath(key)) {
      if (byDefault.isEmpty()) {
        error(key, "is missing; give " + what);
      }
      return byDefault.orElse(standIn);
    }
    try {
      return get.apply(config, key);
    } catch (ConfigException e) {
      error(key, "'%s' is not %s".formatted(config.getValue(key).unwrapped(), what));
      return standIn;
    }
  }
}
