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
 */
public record Setting(String name, String defaultValue, String meaning) {
  /** Returns the options of a record of settings, in the order of its components. */
  public static List<Setting> of(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            part -> {
              Option option = part.getAnnotation(Option.class);
              return option == null
                  ? of(part.getType()).stream()
                  : Stream.of(new Setting(name(part), option.value(), option.help()));
            })
        .toList();
  }

  static String name(RecordComponent part) {
    String name = part.getAnnotation(Option.class).name();
    return name.isEmpty()
        ? part.getName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
        : name;
  }
}
