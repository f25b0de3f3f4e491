package simulations.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import verdict.Threshold;
import verdict.Validity;

/**
 * The settings that every simulation has.
 *
 * @param simulation simple class name
 * @param texts every setting as text, without secrets
 * @param monitor time between live lines
 * @param warmup length of the warm-up, whole seconds
 * @param slos limits of a single stream, conversation or socket
 * @param own thresholds of the simulation itself
 * @param headlines three to five figures that its report shows first
 */
public record CommonSettings(
    String simulation,
    String profile,
    Map<String, String> texts,
    long seed,
    Duration monitor,
    Duration warmup,
    RunProcesses.Bundled processes,
    Slos slos,
    List<Threshold> own,
    List<String> headlines,
    RunOptions options,
    Validity.Bounds bounds) {
  private record Plain(
      @Option(in = "0..2147483647") long seed,
      @Option(in = "1s..1h") Duration monitor,
      @Option(in = "0..1h", form = Form.SECONDS) Duration warmup) {}

  /**
   * Reads the common settings of a simulation whose users have limits of their own. Errors go to
   * the configuration's reader.
   *
   * @param simulation simple class name
   * @param words what thresholds and SLOs may name, in ms
   * @param unit the thing that SLOs limit
   */
  public static CommonSettings read(
      SuiteConfig config, String simulation, Map<String, Double> words, Slos.Unit unit) {
    SettingsReader from = config.reader();
    Plain plain = from.read(Plain.class);
    return new CommonSettings(
        simulation,
        config.profile(),
        config.asTexts(),
        plain.seed,
        plain.monitor,
        plain.warmup,
        from.read(RunProcesses.Bundled.class),
        Slos.read(from, words, unit),
        from.list("thresholds", text -> Threshold.parse(text, words)),
        config.headlines(),
        RunOptions.read(config, simulation, words),
        config.validity().finish(Validity.Bounds.class));
  }

  /** Returns the thresholds of the run: the simulation's own before those of every simulation. */
  public List<Threshold> thresholds() {
    return Threshold.merged(own, options.limits());
  }

  /** Returns the thresholds of the run and the limits of a single stream. */
  List<Threshold> limits() {
    return Stream.concat(thresholds().stream(), slos.limits().stream()).toList();
  }

  /** Returns these settings with other thresholds of the simulation itself. */
  public CommonSettings withOwn(UnaryOperator<List<Threshold>> change) {
    return with(warmup, texts, change.apply(own));
  }

  /** Returns these settings with other texts for the manifest. */
  public CommonSettings withTexts(UnaryOperator<Map<String, String>> change) {
    return with(warmup, change.apply(new TreeMap<>(texts)), own);
  }

  /** Returns these settings with another length of the warm-up. */
  public CommonSettings withWarmup(Duration other) {
    return with(other, texts, own);
  }

  private CommonSettings with(
      Duration length, Map<String, String> words, List<Threshold> thresholds) {
    return new CommonSettings(
        simulation,
        profile,
        words,
        seed,
        monitor,
        length,
        processes,
        slos,
        thresholds,
        headlines,
        options,
        bounds);
  }
}
