package settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
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
import java.util.function.Function;

/** Parsers of values; each throws IllegalArgumentException with the sentence of the error. */
final class Values {
  private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);
  private static final String PATH = "value";
  private static final String NO_WHOLE_NUMBER = "is not a whole number from %s to %s";

  private Values() {}

  /** Parses a text as the type that an option has. */
  static Object parse(String text, Class<?> type, Option option) {
    if (type == String.class) {
      return matching(text, option);
    } else if (type == int.class || type == Integer.class) {
      return (int) wholeNumber(text, option, Integer.MAX_VALUE);
    } else if (type == long.class || type == Long.class) {
      return wholeNumber(text, option, Long.MAX_VALUE);
    } else if (type == double.class || type == Double.class) {
      return within(text, option, Double::valueOf, 1e308, "is not a number from %s to %s");
    } else if (type == boolean.class) {
      return oneOf(text, List.of("true", "false")).equals("true");
    } else if (type == Duration.class) {
      return duration(text, option);
    } else if (type == URI.class) {
      return url(text, option.like().isEmpty() ? option.value() : option.like());
    } else if (type == Path.class) {
      return Path.of(text);
    }
    return type.isEnum() ? constant(text, type) : parseBy(type, text);
  }

  /** Returns the value that takes the place of a wrong one, so that reading goes on. */
  static Object standIn(Class<?> type, Option option) {
    if (type == String.class) {
      return "";
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type == URI.class) {
      return URI.create("none://none");
    } else if (type == boolean.class) {
      return false;
    } else if (type == Path.class) {
      return Path.of("");
    } else if (type.isPrimitive() || type == Duration.class) {
      return parse(option.in().replaceFirst("\\.\\..*", ""), type, option);
    }
    return null;
  }

  private static long wholeNumber(String text, Option option, long highest) {
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
    try {
      return config(text).getDuration(PATH);
    } catch (ConfigException e) {
      throw wrong(text, "is not a length of time; write for example 15s, 500ms or 2m");
    }
  }

  private static long bytes(String text) {
    try {
      return config(text).getBytes(PATH);
    } catch (ConfigException e) {
      throw wrong(text, "is not a number of bytes; write for example 65536 or 1MiB");
    }
  }

  private static String oneOf(String text, List<String> words) {
    if (!words.contains(text)) {
      throw wrong(text, "is unknown; choose one of " + String.join(", ", words));
    }
    return text;
  }

  /**
   * Parses an address with a host; of http and ws without query or fragment.
   *
   * @param example whose scheme, or the one with TLS beside it, is accepted
   */
  private static URI url(String text, String example) {
    String scheme = URI.create(example).getScheme();
    boolean plain = scheme.equals("http") || scheme.equals("ws");
    List<String> schemes = List.of(scheme, scheme.equals("nats") ? "tls" : scheme + "s");
    try {
      URI url = new URI(text);
      boolean known = schemes.contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT));
      boolean bare = url.getQuery() == null && url.getFragment() == null;
      if (known && url.getHost() != null && (bare || !plain)) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    // A password in it is masked.
    String shown = text.contains("@") ? text.replaceAll("^([a-z]+://)?.*@", "$1***@") : text;
    throw wrong(shown, "is not an address such as " + example);
  }

  private static String matching(String text, Option option) {
    if (!text.matches(option.matches())) {
      throw wrong(text, option.otherwise());
    }
    return text;
  }

  private static Object constant(String text, Class<?> type) {
    Object[] constants = type.getEnumConstants();
    List<String> words =
        Arrays.stream(constants)
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    return constants[words.indexOf(oneOf(text, words))];
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

  private static Config config(String text) {
    return ConfigFactory.parseMap(Map.of(PATH, text));
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
