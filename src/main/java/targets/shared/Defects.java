package targets.shared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import settings.SettingsReader;

/**
 * The known mistakes that are switched on in a target, none by default: its own, and the troubles
 * that every target can have. Each exists to prove that a load test catches it. Immutable.
 */
public final class Defects {
  private final Map<String, String> values;
  private final TroublePlan troubles;

  private Defects(Map<String, String> values, TroublePlan troubles) {
    this.values = Map.copyOf(values);
    this.troubles = troubles;
  }

  /**
   * Reads {@code name} or {@code name=value}, several separated by commas. The troubles of every
   * target are known and checked without being named here.
   *
   * @param reader takes the errors
   * @param path the setting to read
   * @param own every name that only this target has
   */
  public static Defects read(SettingsReader reader, String path, Set<String> own) {
    List<String> known = known(own);
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
    return new Defects(values, TroublePlan.read(reader, path, values));
  }

  /** The setting's line in a target's help. */
  public static String help(Set<String> own) {
    return "planted mistakes: " + String.join(", ", known(own));
  }

  /** True if the defect is switched on. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value given with the defect's name, if any. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** What is switched on of the troubles that every target can have. */
  public TroublePlan troubles() {
    return troubles;
  }

  @Override
  public String toString() {
    return values.toString();
  }

  private static List<String> known(Set<String> own) {
    List<String> known = new ArrayList<>(own);
    known.addAll(TroublePlan.names());
    return known;
  }
}
