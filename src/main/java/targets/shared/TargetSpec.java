package targets.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import settings.Setting;
import settings.SettingsReader;

/**
 * How a target is described to the command line.
 *
 * @param name the word after {@code serve}
 * @param summary one line for the help
 * @param options every setting of the target
 * @param start see {@link #start(Map)}
 */
public record TargetSpec(
    String name, String summary, List<Setting> options, Function<SettingsReader, Service> start) {
  /** A target whose options are the components of a record, with its default port. */
  public TargetSpec(
      String name,
      int port,
      String summary,
      Class<?> settings,
      Function<SettingsReader, Service> start) {
    this(
        name,
        summary,
        Setting.of(settings).stream()
            .map(each -> each.name().equals("port") ? each.withDefault("" + port) : each)
            .toList(),
        start);
  }

  /** Returns the same target with one more setting and another way to start. */
  public TargetSpec with(Setting setting, Function<SettingsReader, Service> otherStart) {
    List<Setting> more = new ArrayList<>(options);
    more.add(setting);
    return new TargetSpec(name, summary, List.copyOf(more), otherStart);
  }

  /** Reads typed values over the defaults; names that are no setting are ignored. */
  public SettingsReader reader(Map<String, String> values) {
    return SettingsReader.of(options, values);
  }

  /**
   * Starts the target with the values given, everything else by default; returns when it listens,
   * whether the servers that it needs answer or not.
   *
   * @throws settings.BadSettings with every wrong value, or if the port cannot be bound
   */
  public Service start(Map<String, String> values) {
    return start.apply(reader(values));
  }
}
