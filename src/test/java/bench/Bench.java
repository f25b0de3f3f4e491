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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import kpi.Machine;
import settings.BadSettings;
import settings.SettingsReader;
import stack.StackFailure;

/** Runs one comparison: its name, then options as {@code name=value}. */
final class Bench {
  /** The same load through several lanes in one run. */
  interface Comparison {
    /**
     * Runs it and returns its table.
     *
     * @param stage owns what lives as long as the comparison
     * @param progress takes a line after each step
     */
    List<String> run(Stage stage, Consumer<String> progress)
        throws IOException, InterruptedException;
  }

  /** A kind of comparison: its options with their defaults, and how it is made of them. */
  record Kind(Map<String, String> defaults, Function<SettingsReader, Comparison> read) {}

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private static final Map<String, Kind> KINDS =
      Map.of(
          "streams", StreamComparison.KIND,
          "relay", RateComparison.RELAY,
          "fanout", RateComparison.FANOUT,
          "idle", IdleComparison.KIND,
          "bids", RateComparison.BIDS);

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
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new BadSettings(
          List.of("'" + name + "' is not a comparison; write one of " + sorted(KINDS)));
    }
    Map<String, String> values = new LinkedHashMap<>(kind.defaults());
    for (String word : words.subList(1, words.size())) {
      String option = word.replaceFirst("=.*", "");
      if (!word.contains("=") || !values.containsKey(option)) {
        throw new BadSettings(
            List.of("'" + word + "': write name=value with one of " + sorted(kind.defaults())));
      }
      values.put(option, word.substring(option.length() + 1));
    }
    SettingsReader from =
        new SettingsReader(ConfigFactory.parseMap(values, "bench"), option -> option);
    Comparison comparison = kind.read().apply(from);
    from.finish();
    return comparison;
  }

  static List<String> names(SettingsReader from, List<String> known) {
    List<String> names = Stream.of(from.text("lanes").split(",", -1)).map(String::strip).toList();
    names.stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> from.error("lanes", "'" + name + "' is not one of " + known));
    return names;
  }

  static List<Integer> numbers(SettingsReader from, String option) {
    String text = from.text(option);
    List<Integer> numbers =
        text.matches("[1-9][0-9]{0,6}(,[1-9][0-9]{0,6})*")
            ? Stream.of(text.split(",", -1)).map(Integer::valueOf).toList()
            : List.of();
    if (numbers.isEmpty() || !numbers.equals(numbers.stream().sorted().distinct().toList())) {
      from.error(option, "'" + text + "' must be rising numbers such as 1000,2000,4000");
    }
    return numbers;
  }

  private static List<String> sorted(Map<String, ?> names) {
    return names.keySet().stream().sorted().toList();
  }
}
