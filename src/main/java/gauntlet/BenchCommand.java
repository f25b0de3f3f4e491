package gauntlet;

import bench.BenchSettings;
import bench.ClientBench;
import bench.ClientResult;
import bench.Programs;
import bench.ProxyBench;
import bench.ProxyResult;
import bench.ReceiveJob;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stack.StackFailure;

/**
 * {@code bench proxy|client|relay|fanout|bids}: same-run comparisons, each with everything that it
 * starts.
 */
@Command(
    name = "bench",
    description = "Compares CPU and latency with other programs, in one run on this machine.",
    subcommands = {
      BenchCommand.ProxyCommand.class,
      BenchCommand.ClientCommand.class,
      BenchCommand.ReceiveCommand.class,
      BenchRelayCommand.class,
      BenchFanOutCommand.class,
      BenchBidsCommand.class
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Monotonic nanoseconds, for every bench. */
  static final LongSupplier NANO_CLOCK = System::nanoTime;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing what to compare: proxy, client, relay, fanout or bids");
  }

  /** A folder for each bench: two may run at once, and no log of an older one is read. */
  static Path folder() {
    return Path.of("target", "bench", NAME.format(Instant.now()));
  }

  /** Where other programs are looked for. */
  static Programs programs() {
    return Programs.on(System.getenv().getOrDefault("PATH", ""));
  }

  /** The options of every comparison. */
  static final class Load {
    @Option(names = "--streams", paramLabel = "N", description = "Streams at once (default: 1000)")
    private String streams;

    @Option(names = "--tokens", paramLabel = "N", description = "Tokens of each (default: 163)")
    private String tokens;

    @Option(names = "--duration", paramLabel = "T", description = "Length of each (default: 10s)")
    private String duration;

    @Option(
        names = "--first-token",
        paramLabel = "T",
        description = "From request to first token (default: 0ms)")
    private String firstToken;

    @Option(
        names = "--rampup",
        paramLabel = "T",
        description = "Time in which all are opened (default: 5s)")
    private String rampup;

    @Option(names = "--rounds", paramLabel = "N", description = "Measured rounds (default: 3)")
    private String rounds;

    @Option(
        names = "--threads",
        paramLabel = "N",
        description = "Loops, workers or threads of each intermediary (default: 1)")
    private String threads;

    @Option(
        names = "--jvm-options",
        paramLabel = "TEXT",
        description = "Of the targets' processes, in one text; the default is what runs use")
    private String jvmOptions;

    @Option(
        names = "--ready-within",
        paramLabel = "T",
        description = "How long a process may take to get ready (default: 30s)")
    private String readyWithin;

    /** What was typed, read and checked. */
    BenchSettings read() {
      Map<String, String> typed = new LinkedHashMap<>();
      put(typed, "streams", streams);
      put(typed, "tokens", tokens);
      put(typed, "duration", duration);
      put(typed, "first-token", firstToken);
      put(typed, "rampup", rampup);
      put(typed, "rounds", rounds);
      put(typed, "threads", threads);
      put(typed, "jvm-options", jvmOptions);
      put(typed, "ready-within", readyWithin);
      return BenchSettings.read(typed);
    }
  }

  /** What was not typed keeps its default. */
  static void put(Map<String, String> typed, String name, String value) {
    if (value != null) {
      typed.put(name, value);
    }
  }

  /** Where results go. */
  static final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the result as JSON")
    private Path json;

    /**
     * Prints the result and the command that made it; tells the exit code.
     *
     * @param complaint why the result is none; empty if it is one
     */
    int give(List<String> text, Map<String, Object> map, Optional<String> complaint)
        throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      text.forEach(line -> out.println(line));
      out.println("command: " + command());
      if (json != null) {
        map.put("command", command());
        Files.write(
            json,
            JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsBytes(map));
      }
      out.flush();
      complaint.ifPresent(sentence -> spec.commandLine().getErr().println(sentence));
      return complaint.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** The same for a result whose events must all be there. */
    int giveWhole(List<String> text, Map<String, Object> map, boolean complete) throws IOException {
      return give(
          text,
          map,
          complete
              ? Optional.empty()
              : Optional.of("Events were lost: the figures cannot be compared."));
    }

    private String command() {
      List<String> typed =
          spec.commandLine().getParseResult().matchedOptions().stream().map(Output::words).toList();
      return "java -jar target/gauntlet.jar "
          + spec.qualifiedName().replaceFirst("^gauntlet ", "")
          + (typed.isEmpty() ? "" : " " + String.join(" ", typed));
    }

    private static String words(OptionSpec option) {
      StringBuilder words = new StringBuilder();
      for (String value : option.originalStringValues()) {
        String quoted = value.contains(" ") ? "'" + value + "'" : value;
        words.append(words.isEmpty() ? "" : " ").append(option.longestName()).append(' ');
        words.append(quoted);
      }
      return words.toString();
    }
  }

  /** {@code bench proxy}. */
  @Command(
      name = "proxy",
      description =
          "The same streams directly, and through Gauntlet's proxy, nginx and HAProxy in turn.",
      mixinStandardHelpOptions = true)
  static final class ProxyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Load load;
    @Mixin private Output output;

    @Option(
        names = "--variant",
        paramLabel = "NAME=JVM-OPTIONS",
        description = "A further lane: Gauntlet's proxy with other JVM options")
    private Map<String, String> variants = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
      Map<String, List<String>> lanes = new LinkedHashMap<>();
      variants.forEach(
          (name, options) -> lanes.put(name, Arrays.asList(options.strip().split("\\s+", -1))));
      return refusing(
          spec,
          () -> {
            ProxyResult result =
                new ProxyBench(
                        load.read(), programs(), lanes, NANO_CLOCK, spec.commandLine().getOut())
                    .run(folder());
            return output.giveWhole(result.text(), result.asMap(), result.isComplete());
          });
    }
  }

  /** {@code bench client}. */
  @Command(
      name = "client",
      description = "What a bare Netty client costs for the same streams, beside Gatling.",
      mixinStandardHelpOptions = true)
  static final class ClientCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Load load;
    @Mixin private Output output;

    @Option(
        names = "--compare",
        paramLabel = "RUN",
        description = "Folder of a finished SSE battle, to compare its injector with")
    private Path run;

    @Override
    public Integer call() throws IOException {
      return refusing(
          spec,
          () -> {
            ClientResult result =
                new ClientBench(load.read(), Optional.ofNullable(run), spec.commandLine().getOut())
                    .run(folder());
            return output.giveWhole(result.text(), result.asMap(), result.isComplete());
          });
    }
  }

  /** {@code bench receive}: a part of {@code bench client}. */
  @Command(name = "receive", hidden = true, description = "The bare receiver on its own.")
  static final class ReceiveCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Load load;

    @Option(names = "--url", required = true, description = "Where streams are asked for")
    private URI url;

    @Override
    public Integer call() throws IOException {
      return refusing(
          spec,
          () -> {
            ReceiveJob.run(load.read(), url, NANO_CLOCK, spec.commandLine().getOut());
            return ExitCode.OK;
          });
    }
  }

  /** What can be done and may fail on files. */
  interface Work {
    int run() throws IOException;
  }

  /** A process that cannot be had is told in its own sentence, without a stack trace. */
  static int refusing(CommandSpec spec, Work work) throws IOException {
    try {
      return work.run();
    } catch (StackFailure e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.USAGE;
    }
  }
}
