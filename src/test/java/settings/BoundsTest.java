package settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bounds of every option of every target, simulation and command. */
class BoundsTest {
  private static final String PATH = "a";

  /** Each record of options, and the options that have bounds. */
  static Stream<Arguments> bounded() {
    return Stream.of(Option.class, BoundsTest.class)
        .flatMap(BoundsTest::classesBeside)
        .filter(Class::isRecord)
        .flatMap(
            type ->
                Arrays.stream(type.getRecordComponents())
                    .filter(part -> part.isAnnotationPresent(Option.class))
                    .filter(part -> !part.getAnnotation(Option.class).in().equals("0.."))
                    .map(part -> arguments(type, part)));
  }

  @Test
  void the_options_of_targets_and_simulations_are_found() {
    assertThat(bounded().map(each -> ((Class<?>) each.get()[0]).getName()))
        .contains(
            "targets.proxy.ProxySettings",
            "targets.ticker.TickerSettings$Limits",
            "simulations.sse.SseSettings$Users",
            "simulations.run.CommonSettings$Choices",
            "bench.StreamComparison");
  }

  @ParameterizedTest
  @MethodSource("bounded")
  void a_value_beyond_a_bound_is_refused_by_a_sentence_that_names_it(
      Class<? extends Record> type, RecordComponent part) {
    Option option = part.getAnnotation(Option.class);
    boolean isTime = part.getGenericType().getTypeName().contains("Duration");
    String[] bounds = option.in().split("\\.\\.", -1);
    for (int bound = 0; bound < bounds.length && !bounds[bound].isEmpty(); bound++) {
      String beyond = beyond(bounds[bound], isTime, bound == 0 ? -1 : 1);
      assertThat(errors(type, part, bounds[bound])).isEmpty();
      assertThat(errors(type, part, beyond)).hasSize(1);
    }
  }

  /** Returns the next value, in milliseconds, bytes or ones. */
  private static String beyond(String bound, boolean isTime, int step) {
    var config = ConfigFactory.parseMap(Map.of(PATH, bound));
    if (isTime) {
      return config.getDuration(PATH).plusMillis(step).toMillis() + "ms";
    }
    return bound.endsWith("B")
        ? String.valueOf(config.getBytes(PATH) + step)
        : new BigDecimal(bound).add(BigDecimal.valueOf(step)).toPlainString();
  }

  /** Returns the errors of one value; those of others, which are absent, are left out. */
  private static List<String> errors(
      Class<? extends Record> type, RecordComponent part, String value) {
    String name = Setting.name(part);
    var reader = new SettingsReader(ConfigFactory.parseMap(Map.of(name, value)), path -> path);
    reader.read(type);
    BadSettings bad = catchThrowableOfType(BadSettings.class, reader::finish);
    String refusal = name + ": '" + value + "' is ";
    return bad == null
        ? List.of()
        : bad.errors().stream().filter(error -> error.startsWith(refusal)).toList();
  }

  private static Stream<Class<?>> classesBeside(Class<?> type) {
    URL location = type.getProtectionDomain().getCodeSource().getLocation();
    Path root = Path.of(URI.create(location.toString())); // Not its path, where a space is %20.
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(file -> file.matches("(?!META-INF).*(?<!-info)\\.class"))
          .map(file -> file.replaceFirst("\\.class$", "").replace('/', '.'))
          .<Class<?>>map(BoundsTest::load)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, BoundsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
