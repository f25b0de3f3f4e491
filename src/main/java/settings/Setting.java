package settings;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One option, as the help shows it.
 *
 * @param name the option without its dashes, such as {@code max-streams}
 * @param defaultValue as the user would type it; empty for none
 * @param meaning one line
 * @param type of its value; a boolean needs none, and a List may be given in parts
 */
public record Setting(String name, String defaultValue, String meaning, Class<?> type) {
  /** Returns the options of a record of settings, in the order of its components. */
  public static List<Setting> of(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            part -> {
              Option option = part.getAnnotation(Option.class);
              return option == null ? of(part.getType()).stream() : Stream.of(of(part, option));
            })
        .toList();
  }

  /** Returns the same option with another default. */
  public Setting withDefault(String value) {
    return new Setting(name, value, meaning, type);
  }

  private static Setting of(RecordComponent part, Option option) {
    return new Setting(name(part), option.value(), option.help(), part.getType());
  }

  static String name(RecordComponent part) {
    String name = part.getAnnotation(Option.class).name();
    return name.isEmpty()
        ? part.getName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
        : name;
  }
}
