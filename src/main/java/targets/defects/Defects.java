package targets.defects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import settings.Setting;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.Target;
import targets.shared.TargetSpec;

/**
 * The defects that are switched on in one target: its own, and the troubles that every target can
 * have. Each exists to prove that a load test catches it. Immutable.
 */
public final class Defects {
  private static final String OPTION = "defect";

  private final SettingsReader reader;
  private final Map<String, String> values;
  private final TroublePlan troubles;

  private Defects(SettingsReader reader, Map<String, String> values) {
    this.reader = reader;
    this.values = Map.copyOf(values);
    this.troubles = TroublePlan.read(reader, OPTION, values);
  }

  /**
   * Returns the specification of a target with the option {@code --defect}.
   *
   * @param honest the target without defects
   * @param own every name that only this target has, in the order of the help
   * @param start checks the values of its own defects and starts the target with them
   */
  public static TargetSpec around(
      TargetSpec honest, List<String> own, BiFunction<SettingsReader, Defects, Target> start) {
    return honest.with(
        new Setting(OPTION, "", "planted mistakes: " + String.join(", ", known(own))),
        reader -> start.apply(reader, read(reader, own)));
  }

  /** Reads {@code name} or {@code name=value}, several separated by commas. */
  static Defects read(SettingsReader reader, List<String> own) {
    List<String> known = known(own);
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : reader.optionalText(OPTION).orElse("").split(",", -1)) {
      String[] words = part.strip().split("=", 2);
      if (words[0].isEmpty()) {
        continue;
      }
      if (!known.contains(words[0])) {
        reader.error(
            OPTION, "'" + words[0] + "' is unknown; choose of " + String.join(", ", known));
      }
      values.put(words[0], words.length == 2 ? words[1] : "");
    }
    return new Defects(reader, values);
  }

  /** Returns true if the defect is switched on. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns the value given with the defect's name, if any. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns a whole number given with the defect's name; the fallback if there is no value. */
  public int number(String name, int fallback, int min, int max) {
    String text = value(name).orElse(Integer.toString(fallback));
    int number = text.matches("\\d{1,7}") ? Integer.parseInt(text) : -1;
    if (number < min || number > max) {
      error(name + ": '" + text + "' is not a whole number from " + min + " to " + max);
    }
    return number;
  }

  /** Adds an error about a defect's value. */
  public void error(String message) {
    reader.error(OPTION, message);
  }

  /** Returns what is switched on of the troubles that every target can have. */
  TroublePlan plan() {
    return troubles;
  }

  /**
   * Returns what makes the troubles happen; {@link Extension#NONE} if none is switched on.
   *
   * @param error how this target answers a request that is to fail
   */
  public Extension troubles(PlantedError error) {
    return troubles.isEmpty()
        ? Extension.NONE
        : new Troubles(troubles, error, Clocks.SYSTEM.nano());
  }

  private static List<String> known(List<String> own) {
    List<String> known = new ArrayList<>(own);
    known.addAll(TroublePlan.names());
    return known;
  }
}
