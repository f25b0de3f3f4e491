package gauntlet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import settings.Setting;
import settings.SettingsReader;

/** Options of a command that records of settings declare, so that each is described once. */
final class SettingOptions {
  private SettingOptions() {}

  static void add(CommandSpec spec, List<Setting> options) {
    for (Setting option : options) {
      String value = option.defaultValue();
      String meaning = option.meaning() + (value.isEmpty() ? "" : " (default: " + value + ")");
      Class<?> type = option.type();
      boolean isKept = type == List.class || type == boolean.class;
      spec.addOption(
          OptionSpec.builder("--" + option.name())
              .type(isKept ? type : String.class)
              .auxiliaryTypes(String.class)
              .arity(type == boolean.class ? "0..1" : "1")
              .fallbackValue("true")
              .paramLabel("VALUE")
              .description(meaning.replace("%", "%%"))
              .build());
    }
  }

  /** Returns the values that the user gave, by option. */
  static Map<String, String> given(CommandSpec spec) {
    Map<String, String> values = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      Object value = option.getValue();
      values.put(
          option.longestName().substring(2),
          value instanceof List<?> parts
              ? parts.stream().map(Object::toString).collect(Collectors.joining(","))
              : String.valueOf(value));
    }
    return values;
  }

  /** Returns a reader of the options that the user gave, over their defaults. */
  static SettingsReader reader(CommandSpec spec, List<Setting> options) {
    return SettingsReader.of(options, given(spec));
  }
}
