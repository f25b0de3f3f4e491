package bench;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import settings.SettingsReader;

/** The same load through several lanes in one run. */
interface Comparison {
  /**
   * A kind of comparison.
   *
   * @param defaults its options
   * @param read makes one of its options
   */
  record Kind(Map<String, String> defaults, Function<SettingsReader, Comparison> read) {}

  /**
   * Runs it and returns its table.
   *
   * @param stage owns what lives as long as the comparison
   * @param progress takes a line after each step
   */
  List<String> run(Stage stage, Consumer<String> progress) throws InterruptedException;
}
