package simulations.run;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import settings.BadSettings;

/** Options as a user types them. */
public final class Options {
  private Options() {}

  /** The configuration of a simulation with some properties set, and no baseline. */
  public static SuiteConfig config(String section, String... namesAndValues) {
    return new SuiteConfig(section, properties(namesAndValues), Map.of());
  }

  /** Properties from their names and values by turns, and no baseline unless named. */
  public static Map<String, String> properties(String... namesAndValues) {
    Map<String, String> properties = new HashMap<>(Map.of("baselines-dir", "target/no-baselines"));
    for (int at = 0; at < namesAndValues.length; at += 2) {
      properties.put(namesAndValues[at], namesAndValues[at + 1]);
    }
    return properties;
  }

  /** The values of a record in their order, without their names. */
  public static String values(Record record) {
    return record.toString().replaceAll("^\\w+\\[|\\w+=|]$", "");
  }

  /** The errors of settings that cannot be read. */
  public static List<String> errors(ThrowingCallable reading) {
    return catchThrowableOfType(BadSettings.class, reading).errors();
  }
}
