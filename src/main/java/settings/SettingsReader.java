package settings;

import static java.util.function.Predicate.not;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads typed values from a configuration and collects every error instead of stopping at the
 * first. A wrong value reads as its lower bound (or an empty text) so that reading goes on; {@link
 * #finish()} then throws, so no such stand-in is ever used.
 *
 * <p>Used by one thread.
 */
public final class SettingsReader {
  private final Config config;
  private final Function<String, String> label;
  private final List<String> errors = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Double> words = new TreeMap<>();

  /**
   * @param label turns a path into the user's words, such as {@code -Dclients}
   */
  public SettingsReader(Config config, Function<String, String> label) {
    this.config = config;
    this.label = label;
  }

  /**
   * Returns a reader of the options of a command.
   *
   * @param options with the defaults
   * @param values by name; one that is no option is ignored
   */
  public static SettingsReader of(List<Setting> options, Map<String, String> values) {
    Map<String, String> merged = new HashMap<>();
    options.forEach(
        each -> merged.put(each.name(), values.getOrDefault(each.name(), each.defaultValue())));
    return new SettingsReader(ConfigFactory.parseMap(merged), path -> "--" + path);
  }

  /** Reads a record, each component of which is an {@link Option} or such a record. */
  public <R extends Record> R read(Class<R> type) {
    RecordComponent[] parts = type.getRecordComponents();
    Object[] values = Arrays.stream(parts).map(this::component).toArray();
    Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
    R settings;
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      settings = constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be created", e);
    }
    if (settings instanceof Checked checked) {
      checked.check(this);
    }
    return settings;
  }

  /**
   * Reads a record and ends the reading.
   *
   * @throws BadSettings with every error found
   */
  public <R extends Record> R finish(Class<R> type) {
    R settings = read(type);
    finish();
    return settings;
  }

  /**
   * Reads a list whose elements need more than their text to be parsed; empty if it is absent.
   *
   * @param parse throws IllegalArgumentException with the sentence of the error
   */
  public <T> List<T> list(String path, Function<String, T> parse) {
    return parsed(path, texts(path), parse, null);
  }

  /**
   * Reads such a list, of which no two values may be about one thing.
   *
   * @param about returns what a value is about
   */
  public <T> List<T> list(String path, Function<String, T> parse, Function<T, ?> about) {
    Map<Object, String> first = new HashMap<>();
    return list(
        path,
        text -> {
          T value = parse.apply(text);
          Object thing = about.apply(value);
          String other = first.putIfAbsent(thing, text.strip());
          if (other != null) {
            String pair = "'%s' and '%s' are both about %s; keep one";
            throw new IllegalArgumentException(pair.formatted(other, text.strip(), thing));
          }
          return value;
        });
  }

  /** Reads a text; empty if it is absent or blank. */
  public Optional<String> optionalText(String path) {
    try {
      return config.hasPath(path)
          ? Optional.of(config.getString(path).strip()).filter(not(String::isEmpty))
          : Optional.empty();
    } catch (ConfigException e) {
      error(path, "is not a single value");
      return Optional.empty();
    }
  }

  /** Returns the values of the options read so far, by their paths. */
  public Map<String, Object> values() {
    return values;
  }

  /** Returns the {@linkplain Option#word words} of the options read so far, in ms. */
  public Map<String, Double> words() {
    return words;
  }

  /** Adds an error that only the caller can find, such as two values that contradict. */
  public void error(String path, String sentence) {
    errors.add(label.apply(path) + ": " + sentence);
  }

  /** Returns true while no error was found. */
  public boolean isRight() {
    return errors.isEmpty();
  }

  /**
   * Ends the reading.
   *
   * @throws BadSettings with every error found
   */
  public void finish() {
    if (!errors.isEmpty()) {
      throw new BadSettings(errors);
    }
  }

  private Object component(RecordComponent part) {
    Option option = part.getAnnotation(Option.class);
    if (option == null) {
      return read(part.getType().asSubclass(Record.class));
    }
    Object value = value(part, option);
    values.put(Setting.name(part), value);
    if (!option.word().isEmpty()) {
      words.put(option.word(), ((Duration) value).toNanos() / 1e6);
    }
    return value;
  }

  private Object value(RecordComponent part, Option option) {
    String path = Setting.name(part);
    boolean isList = part.getType() == List.class;
    boolean isOptional = part.getType() == Optional.class;
    Class<?> type =
        isList || isOptional
            ? (Class<?>) ((ParameterizedType) part.getGenericType()).getActualTypeArguments()[0]
            : part.getType();
    int errorsBefore = errors.size();
    List<String> texts = isList ? texts(path) : optionalText(path).stream().toList();
    boolean isRequired = !isOptional && !(isList && option.value().isEmpty());
    if (isRequired && texts.isEmpty() && errors.size() == errorsBefore) {
      error(path, "has no value");
    }
    Object standIn = Values.standIn(type, option);
    List<Object> values = parsed(path, texts, text -> Values.parse(text, type, option), standIn);
    if (isList) {
      return values;
    }
    Optional<Object> value = values.stream().findFirst();
    return isOptional ? value : value.orElse(standIn);
  }

  /** Returns the texts of a list, which may be written as one text with commas. */
  private List<String> texts(String path) {
    try {
      if (config.hasPath(path) && config.getValue(path).valueType() == ConfigValueType.LIST) {
        return config.getStringList(path);
      }
    } catch (ConfigException e) {
      error(path, "is not a list of texts");
      return List.of();
    }
    return optionalText(path).stream()
        .flatMap(text -> Stream.of(text.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  private <T> List<T> parsed(
      String path, List<String> texts, Function<String, T> parse, T standIn) {
    List<T> values = new ArrayList<>();
    for (String text : texts) {
      try {
        values.add(parse.apply(text));
      } catch (IllegalArgumentException e) {
        error(path, e.getMessage());
        values.add(standIn);
      }
    }
    return values.stream().filter(Objects::nonNull).toList();
  }
}
