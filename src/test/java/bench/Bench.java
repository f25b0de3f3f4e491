package bench;

import com.typesafe.config.ConfigFactory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import kpi.Machine;
import settings.BadSettings;
import settings.Setting;
import settings.SettingsReader;
import stack.StackFailure;

/** Runs one comparison: its name, then options as {@code name=value}. */
final class Bench {
  /** The same load through several lanes in one run. */
  interface Comparison {
    List<String> lanes();

    /**
     * Runs it and returns its table.
     *
     * @param stage owns what lives as long as the comparison
     * @param progress takes a line after each step
     */
    List<String> run(Stage stage, Consumer<String> progress)
        throws IOException, InterruptedException;
  }

  /** A kind of comparison; some of its options may have other defaults than its type's. */
  private record Kind<C extends Record & Comparison>(Class<C> type, Map<String, String> others) {
    Map<String, String> defaults() {
      Map<String, String> defaults = new TreeMap<>();
      Setting.of(type).forEach(option -> defaults.put(option.name(), option.defaultValue()));
      defaults.putAll(others);
      return defaults;
    }
  }

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private static final Map<String, Kind<?>> KINDS =
      Map.of(
          "streams", new Kind<>(StreamComparison.class, Map.of()),
          "relay", new Kind<>(RateComparison.class, Map.of()),
          "fanout", new Kind<>(RateComparison.class, RateComparison.FANOUT),
          "sse", new Kind<>(RateComparison.class, RateComparison.SSE),
          "idle", new Kind<>(IdleComparison.class, Map.of()),
          "bids", new Kind<>(RateComparison.class, RateComparison.BIDS));

  private Bench() {}

  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Path folder = Path.of("target", "bench", NAME.format(Instant.now()));
    try {
      run(Arrays.asList(arguments), folder, out);
    } catch (BadSettings | StackFailure | IOException e) {
      out.println(e instanceof IOException ? e : e.getMessage());
      System.exit(1);
    }
  }

  static void run(List<String> words, Path folder, PrintStream out)
      throws IOException, InterruptedException {
    Comparison comparison = read(words);
    out.println("machine: " + Machine.here().sentence() + ", load average " + Machine.load());
    try (Stage stage = new Stage(folder)) {
      List<String> table = comparison.run(stage, out::println);
      out.println("load average " + Machine.load());
      out.println();
      table.forEach(out::println);
    }
  }

  /** Reads the name and the options, and checks all of them. */
  static Comparison read(List<String> words) {
    String name = words.isEmpty() ? "" : words.get(0);
    Kind<?> kind = KINDS.get(name);
    if (kind == null) {
      throw new BadSettings(
          List.of("'" + name + "' is not a comparison; write one of " + sorted(KINDS)));
    }
    Map<String, String> values = kind.defaults();
    List<String> lanes = List.of(values.get("lanes").split(",", -1));
    for (String word : words.subList(1, words.size())) {
      String option = word.replaceFirst("=.*", "");
      if (!word.contains("=") || !values.containsKey(option)) {
        throw new BadSettings(
            List.of("'" + word + "': write name=value with one of " + sorted(values)));
      }
      values.put(option, word.substring(option.length() + 1));
    }
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(values, "bench"), option -> option);
    Comparison comparison = from.read(kind.type());
    comparison.lanes().stream()
        .filter(lane -> !lanes.contains(lane))
        .forEach(lane -> from.error("lanes", "'" + lane + "' is not one of " + lanes));
    from.finish();
    return comparison;
  }

  private static List<String> sorted(Map<String, ?> names) {
    return names.keySet().stream().sorted().toList();
  }
}
