package settings;

import static java.util.function.Predicate.not;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  /**
   * @param config the values
   * @param label turns a path into the user's words, such as {@code -Dclients}
   */
  public SettingsReader(Config config, Function<String, String> label) {
    this.config = config;
    this.label = label;
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

  /** Reads a whole number from {@code min} to {@code max}. */
  public int integer(String path, int min, int max) {
    return (int) wholeNumber(path, min, max);
  }

  /** Reads a whole number from {@code min} to {@code max}. */
  public long wholeNumber(String path, long min, long max) {
    return value(path, min, text -> Values.wholeNumber(text, min, max));
  }

  /** Reads a decimal number from {@code min} to {@code max}. */
  public double decimal(String path, double min, double max) {
    return value(path, min, text -> Values.decimal(text, min, max));
  }

  /** Reads a length of time with its unit, such as {@code 15s}, {@code 500ms} or {@code 2m}. */
  public Duration duration(String path, Duration min, Duration max) {
    return value(path, min, text -> Values.duration(text, min, max));
  }

  /** Reads a length of time; a plain number is in milliseconds. */
  public Duration millis(String path, Duration min, Duration max) {
    return value(path, min, text -> Values.millis(text, min, max));
  }

  /** Reads a length of time in whole seconds. */
  public Duration wholeSeconds(String path, Duration min, Duration max) {
    return value(path, min, text -> Values.wholeSeconds(text, min, max));
  }

  /** Reads {@code true} or {@code false}. */
  public boolean flag(String path) {
    return value(path, false, text -> Values.flag(text));
  }

  /** Reads a text that must not be absent or empty. */
  public String text(String path) {
    return value(path, "", text -> text);
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

  /** Reads a list of texts; empty if it is absent. */
  public List<String> texts(String path) {
    try {
      return config.hasPath(path) ? config.getStringList(path) : List.of();
    } catch (ConfigException e) {
      error(path, "is not a list of texts");
      return List.of();
    }
  }

  /** Reads one of the given words. */
  public String oneOf(String path, Collection<String> words) {
    return value(path, words.iterator().next(), text -> Values.oneOf(text, words));
  }

  /** Reads an http or https address with a host, without query or fragment; empty if absent. */
  public Optional<URI> httpUrl(String path) {
    Function<String, URI> parse = text -> Values.url(text, "http://127.0.0.1:10080");
    return optionalText(path).map(text -> parsed(path, null, text, parse));
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
    String path = Setting.name(part);
    Class<?> type = part.getType();
    boolean isList = type == List.class;
    if (isList || type == Optional.class) {
      var generic = (ParameterizedType) part.getGenericType();
      type = (Class<?>) generic.getActualTypeArguments()[0];
    }
    Class<?> single = type;
    Function<String, Object> parse = text -> Values.parse(text, single, option);
    Object standIn = Values.standIn(single, option);
    if (isList) {
      return list(path, option)
          .map(text -> parsed(path, standIn, text, parse))
          .filter(Objects::nonNull)
          .toList();
    }
    return part.getType() == Optional.class
        ? optionalText(path).map(text -> parsed(path, standIn, text, parse))
        : value(path, standIn, parse);
  }

  /** Returns the elements of a list, which may be written as one text with commas. */
  private Stream<String> list(String path, Option option) {
    boolean listed =
        config.hasPath(path) && config.getValue(path).valueType() == ConfigValueType.LIST;
    if (listed) {
      return texts(path).stream();
    }
    String text = option.value().isEmpty() ? optionalText(path).orElse("") : text(path);
    return text.isEmpty() ? Stream.empty() : Stream.of(text.split(",", -1)).map(String::strip);
  }

  /** Reads a value that must not be absent or empty. */
  private <T> T value(String path, T standIn, Function<String, T> parse) {
    int before = errors.size();
    Optional<String> text = optionalText(path);
    if (text.isEmpty()) {
      if (errors.size() == before) {
        error(path, "has no value");
      }
      return standIn;
    }
    return parsed(path, standIn, text.get(), parse);
  }

  private <T> T parsed(String path, T standIn, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      error(path, e.getMessage());
      return standIn;
    }
  }
}
