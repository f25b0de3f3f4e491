package settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

  /** Reads a whole number from {@code min} to {@code max}. */
  public int integer(String path, int min, int max) {
    return (int) wholeNumber(path, min, max);
  }

  /** Reads a whole number from {@code min} to {@code max}. */
  public long wholeNumber(String path, long min, long max) {
    String text = text(path);
    if (text.isEmpty()) {
      return min;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    error(path, "'" + text + "' is not a whole number from " + min + " to " + max);
    return min;
  }

  /** Reads a decimal number from {@code min} to {@code max}. */
  public double decimal(String path, double min, double max) {
    String text = text(path);
    if (text.isEmpty()) {
      return min;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    error(path, "'" + text + "' is not a number from " + min + " to " + max);
    return min;
  }

  /** Reads a length of time with its unit, such as {@code 15s}, {@code 500ms} or {@code 2m}. */
  public Duration duration(String path, Duration min, Duration max) {
    String text = text(path);
    if (text.isEmpty()) {
      return min;
    }
    if (text.chars().allMatch(Character::isDigit) && !text.equals("0")) {
      error(path, "'" + text + "' has no unit; write " + text + "s or " + text + "ms");
      return min;
    }
    Duration value;
    try {
      value = config.getDuration(path);
    } catch (ConfigException e) {
      error(path, "'" + text + "' is not a length of time; write for example 15s, 500ms or 2m");
      return min;
    }
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      error(path, "'" + text + "' is outside " + words(min) + " to " + words(max));
      return min;
    }
    return value;
  }

  /** Reads a length of time; a plain number is in milliseconds. */
  public Duration millis(String path, Duration min, Duration max) {
    String text = text(path);
    if (text.isEmpty() || !text.chars().allMatch(Character::isDigit)) {
      return duration(path, min, max);
    }
    long ms = wholeNumber(path, min.toMillis(), max.toMillis());
    return Duration.ofMillis(ms);
  }

  /** Reads a length of time in whole seconds. */
  public Duration wholeSeconds(String path, Duration min, Duration max) {
    Duration duration = duration(path, min, max);
    if (duration.toMillisPart() != 0) {
      error(path, "must be whole seconds, such as 15s");
    }
    return duration;
  }

  /** Reads a number of bytes, such as {@code 65536}, {@code 64KiB} or {@code 1MiB}. */
  public long bytes(String path, long min, long max) {
    String text = text(path);
    if (text.isEmpty()) {
      return min;
    }
    long value;
    try {
      value = config.getBytes(path);
    } catch (ConfigException e) {
      error(path, "'" + text + "' is not a number of bytes; write for example 65536 or 1MiB");
      return min;
    }
    if (value < min || value > max) {
      error(path, "'" + text + "' is outside " + min + " to " + max + " bytes");
      return min;
    }
    return value;
  }

  /** Reads {@code true} or {@code false}. */
  public boolean flag(String path) {
    return oneOf(path, List.of("true", "false")).equals("true");
  }

  /** Reads a text that must not be absent or empty. */
  public String text(String path) {
    Optional<String> text = optionalText(path);
    if (text.isEmpty()) {
      error(path, "has no value");
    }
    return text.orElse("");
  }

  /** Reads a text; empty if it is absent or blank. */
  public Optional<String> optionalText(String path) {
    try {
      return config.hasPath(path)
          ? Optional.of(config.getString(path).strip()).filter(text -> !text.isEmpty())
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
    String text = text(path);
    if (!text.isEmpty() && !words.contains(text)) {
      error(path, "'" + text + "' is unknown; choose one of " + String.join(", ", words));
    }
    return text;
  }

  /** Reads an http or https address with a host, without query or fragment; empty if absent. */
  public Optional<URI> httpUrl(String path) {
    return url(path, "http", "http://127.0.0.1:10080");
  }

  /**
   * A ws or wss address with a host, without query or fragment; empty when absent.
   *
   * @param example of such an address, for the error
   */
  public Optional<URI> wsUrl(String path, String example) {
    return url(path, "ws", example);
  }

  private Optional<URI> url(String path, String scheme, String example) {
    Optional<String> text = optionalText(path);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text.get());
      boolean known = scheme.equals(url.getScheme()) || (scheme + "s").equals(url.getScheme());
      if (known && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // Falls through to the one sentence that covers both errors.
    }
    error(path, "'" + text.get() + "' is not an address such as " + example);
    return Optional.empty();
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

  private static String words(Duration duration) {
    long ms = duration.toMillis();
    return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
  }
}
