package settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Parsers of values; each throws IllegalArgumentException with the sentence of the error. */
final class Values {
  private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);
  private static final String PATH = "value";
  private static final String NO_NUMBER = "is not a number from %s to %s";
  private static final String NO_WHOLE_NUMBER = "is not a whole number from %s to %s";

  /**
   * A type that an option may have.
   *
   * @param standIn takes the place of a wrong value, so that reading goes on; null for the lower
   *     bound, or an address's example
   */
  private record Kind(BiFunction<String, Option, Object> parse, Object standIn) {}

  /** All of them but enums and types with a parser of their own. */
  private static final Map<Class<?>, Kind> KINDS =
      Map.of(
          String.class, new Kind((t, o) -> required(t.matches(o.matches()), t, o.otherwise()), ""),
          Integer.class, new Kind((t, o) -> (int) number(t, o, Integer.MAX_VALUE), null),
          Long.class, new Kind((t, o) -> number(t, o, Long.MAX_VALUE), null),
          Double.class, new Kind((t, o) -> within(t, o, Double::valueOf, 1e308, NO_NUMBER), null),
          Boolean.class, new Kind((t, o) -> position(t, List.of("true", "false")) == 0, false),
          Duration.class, new Kind(Values::duration, null),
          URI.class, new Kind(Values::url, null),
          Path.class, new Kind((t, o) -> Path.of(t), Path.of("")));

  private Values() {}

  /** Parses a text as the type that an option has. */
  static Object parse(String text, Class<?> type, Option option) {
    Kind kind = KINDS.get(wrapped(type));
    if (kind != null) {
      return kind.parse.apply(text, option);
    }
    return type.isEnum() ? constant(text, type) : parseBy(type, text);
  }

  /** Returns the value that takes the place of a wrong one; null for none. */
  static Object standIn(Class<?> type, Option option) {
    Kind kind = KINDS.get(wrapped(type));
    if (kind == null) {
      return type.isEnum() ? type.getEnumConstants()[0] : null;
    }
    String text = type == URI.class ? example(option) : option.in().replaceFirst("\\.\\..*", "");
    return kind.standIn == null ? parse(text, type, option) : kind.standIn;
  }

  private static Class<?> wrapped(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  private static long number(String text, Option option, long highest) {
    return option.in().endsWith("B")
        ? within(text, option, Values::bytes, highest, "is outside %s to %s bytes")
        : within(text, option, Long::valueOf, highest, NO_WHOLE_NUMBER);
  }

  private static Duration duration(String text, Option option) {
    if (option.form() == Option.Form.MILLIS && isDigits(text)) {
      Function<String, Long> ms =
          word -> isDigits(word) ? Long.valueOf(word) : duration(word).toMillis();
      return Duration.ofMillis(within(text, option, ms, Long.MAX_VALUE, NO_WHOLE_NUMBER));
    }
    Duration value = within(text, option, Values::duration, LONGEST, "is outside %s to %s");
    if (option.form() == Option.Form.SECONDS && value.toMillisPart() != 0) {
      throw new IllegalArgumentException("must be whole seconds, such as 15s");
    }
    return value;
  }

  /**
   * Parses a value within the option's bounds, which are parsed alike.
   *
   * @param highest the upper bound where the option has none
   * @param otherwise the error of a value outside the two bounds, or of one that is no number
   */
  private static <T extends Comparable<T>> T within(
      String text, Option option, Function<String, T> parse, T highest, String otherwise) {
    String[] bounds = option.in().split("\\.\\.", -1);
    T min = parse.apply(bounds[0]);
    T max = bounds[1].isEmpty() ? highest : parse.apply(bounds[1]);
    try {
      T value = parse.apply(text);
      if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    throw wrong(text, otherwise.formatted(words(min), words(max)));
  }

  private static Duration duration(String text) {
    if (isDigits(text) && !text.equals("0")) {
      throw wrong(text, "has no unit; write " + text + "s or " + text + "ms");
    }
    String otherwise = "is not a length of time; write for example 15s, 500ms or 2m";
    return quantity(text, config -> config.getDuration(PATH), otherwise);
  }

  private static long bytes(String text) {
    String otherwise = "is not a number of bytes; write for example 65536 or 1MiB";
    return quantity(text, config -> config.getBytes(PATH), otherwise);
  }

  /** Parses a number with a unit, as HOCON has them. */
  private static <T> T quantity(String text, Function<Config, T> parse, String otherwise) {
    try {
      return parse.apply(ConfigFactory.parseMap(Map.of(PATH, text)));
    } catch (ConfigException e) {
      throw wrong(text, otherwise);
    }
  }

  private static int position(String text, List<String> words) {
    String otherwise = "is unknown; choose one of " + String.join(", ", words);
    return words.indexOf(required(words.contains(text), text, otherwise));
  }

  /**
   * Parses an address with a host, of the scheme of the option's example or the one with TLS; of
   * http and ws without query or fragment.
   */
  private static URI url(String text, Option option) {
    String example = example(option);
    String scheme = URI.create(example).getScheme();
    List<String> schemes = List.of(scheme, scheme.equals("nats") ? "tls" : scheme + "s");
    try {
      URI url = new URI(text);
      boolean known = schemes.contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT));
      boolean queried = url.getQuery() == null || example.indexOf('?') > 0;
      boolean bare = queried && url.getFragment() == null;
      if (known && url.getHost() != null && (bare || !scheme.matches("http|ws"))) {
        return url;
      } else if (known && String.valueOf(url.getAuthority()).indexOf('_') >= 0) {
        throw wrong(
            masked(text), "has a host name with an underscore; name its IP address, or an alias");
      }
    } catch (URISyntaxException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    throw wrong(masked(text), "is not an address such as " + example);
  }

  private static String example(Option option) {
    return option.like().isEmpty() ? option.value() : option.like();
  }

  /** Returns an address without its password. */
  private static String masked(String url) {
    return url.contains("@") ? url.replaceAll("^([a-z]+://)?.*@", "$1***@") : url;
  }

  private static String required(boolean isRight, String text, String otherwise) {
    if (!isRight) {
      throw wrong(text, otherwise);
    }
    return text;
  }

  private static Object constant(String text, Class<?> type) {
    Object[] constants = type.getEnumConstants();
    List<String> words =
        Arrays.stream(constants)
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    return constants[position(text, words)];
  }

  private static Object parseBy(Class<?> type, String text) {
    try {
      Method parse = type.getDeclaredMethod("parse", String.class);
      parse.setAccessible(true);
      return parse.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException bad) {
        throw bad;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be the type of an option", e);
    }
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(Character::isDigit);
  }

  private static IllegalArgumentException wrong(String text, String sentence) {
    return new IllegalArgumentException("'" + text + "' " + sentence);
  }

  /** Returns a bound as the user would write it. */
  private static String words(Object bound) {
    if (bound instanceof Duration duration) {
      long ms = duration.toMillis();
      return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }
    return bound.toString();
  }
}
