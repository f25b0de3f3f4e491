package targets.shared;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import settings.SettingsReader;

/**
 * The known mistakes that are switched on in a target, none by default. Each exists to prove that a
 * load test catches it. Immutable.
 */
public final class Defects {
  private final Map<String, String> values;

  private Defects(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads {@code name} or {@code name=value}, several separated by commas.
   *
   * @param reader takes the errors
   * @param path the setting to read
   * @param known every name that this target has
   */
  public static Defects read(SettingsReader reader, String path, Set<String> known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : reader.optionalText(path).orElse("").split(",", -1)) {
      String[] words = part.strip().split("=", 2);
      if (words[0].isEmpty()) {
        continue;
      }
      if (!known.contains(words[0])) {
        reader.error(path, "'" + words[0] + "' is unknown; choose of " + String.join(", ", known));
      }
      values.put(words[0], words.length == 2 ? words[1] : "");
    }
    return new Defects(values);
  }

  /** True if the defect is switched on. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value given with the defect's name, if any. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
