package settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Parsers of values; each throws IllegalArgumentException with the sentence of the error. */
final class Values {
  private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);
  private static final String PATH = "value";

  private Values() {}

  /** Parses a text as the type that an option has. */
  static Object parse(String text, Class<?> type, Option option) {
    if (type == String.class) {
      return matching(text, option);
    } else if (type == int.class || type == Integer.class) {
      return (int) number(text, option, Integer.MAX_VALUE);
    } else if (type == long.class || type == Long.class) {
      return number(text, option, Long.MAX_VALUE);
    } else if (type == double.class || type == Double.class) {
      return decimal(
          text, Double.parseDouble(min(option)), max(option, Double::parseDouble, 1e308));
    } else if (type == boolean.class) {
      return flag(text);
    } else if (type == Duration.class) {
      return duration(text, option);
    } else if (type == URI.class) {
      return url(text, option.like().isEmpty() ? option.value() : option.like());
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
    } else if (type.isPrimitive() || type == Duration.class) {
      return parse(min(option), type, option);
    }
    return null;
  }

  static long wholeNumber(String text, long min, long max) {
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    throw wrong(text, "is not a whole number from " + min + " to " + max);
  }

  static double decimal(String text, double min, double max) {
    try {
      double value = Double.parseDouble(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    throw wrong(text, "is not a number from " + min + " to " + max);
  }

  static Duration duration(String text, Duration min, Duration max) {
    if (isDigits(text) && !text.equals("0")) {
      throw wrong(text, "has no unit; write " + text + "s or " + text + "ms");
    }
    Duration value;
    try {
      value = config(text).getDuration(PATH);
    } catch (ConfigException e) {
      throw wrong(text, "is not a length of time; write for example 15s, 500ms or 2m");
    }
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw wrong(text, "is outside " + words(min) + " to " + words(max));
    }
    return value;
  }

  static Duration millis(String text, Duration min, Duration max) {
    return isDigits(text)
        ? Duration.ofMillis(wholeNumber(text, min.toMillis(), max.toMillis()))
        : duration(text, min, max);
  }

  static Duration wholeSeconds(String text, Duration min, Duration max) {
    Duration value = duration(text, min, max);
    if (value.toMillisPart() != 0) {
      throw new IllegalArgumentException("must be whole seconds, such as 15s");
    }
    return value;
  }

  static long bytes(String text, long min, long max) {
    long value;
    try {
      value = config(text).getBytes(PATH);
    } catch (ConfigException e) {
      throw wrong(text, "is not a number of bytes; write for example 65536 or 1MiB");
    }
    if (value < min || value > max) {
      throw wrong(text, "is outside " + min + " to " + max + " bytes");
    }
    return value;
  }

  static boolean flag(String text) {
    return oneOf(text, List.of("true", "false")).equals("true");
  }

  static String oneOf(String text, Collection<String> words) {
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
  static URI url(String text, String example) {
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

  private static long number(String text, Option option, long highest) {
    if (option.in().endsWith("B")) {
      Function<String, Long> bound = size -> bytes(size, 0, highest);
      return bytes(text, bound.apply(min(option)), max(option, bound, highest));
    }
    return wholeNumber(text, Long.parseLong(min(option)), max(option, Long::valueOf, highest));
  }

  private static Duration duration(String text, Option option) {
    Function<String, Duration> bound = time -> duration(time, Duration.ZERO, LONGEST);
    Duration min = bound.apply(min(option));
    Duration max = max(option, bound, LONGEST);
    return switch (option.form()) {
      case MILLIS -> millis(text, min, max);
      case SECONDS -> wholeSeconds(text, min, max);
      default -> duration(text, min, max);
    };
  }

  private static String min(Option option) {
    return option.in().replaceFirst("\\.\\..*", "");
  }

  private static <T> T max(Option option, Function<String, T> bound, T highest) {
    String max = option.in().substring(min(option).length() + 2);
    return max.isEmpty() ? highest : bound.apply(max);
  }

  private static String matching(String text, Option option) {
    if (!text.matches(option.matches())) {
      throw wrong(text, option.otherwise());
    }
    return text;
  }

  private static Object constant(String text, Class<?> type) {
    Object[] constants = type.getEnumConstants();
    List<String> words = Arrays.stream(constants).map(Values::word).toList();
    return constants[words.indexOf(oneOf(text, words))];
  }

  private static String word(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
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

  private static String words(Duration duration) {
    long ms = duration.toMillis();
    return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
  }
}
