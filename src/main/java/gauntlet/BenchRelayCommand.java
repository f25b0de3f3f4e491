package gauntlet;

import bench.relay.IdleBench;
import bench.relay.IdleResult;
import bench.relay.RelayBench;
import bench.relay.RelayResult;
import bench.relay.RelaySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench relay}: how many tokens the relay carries, and what an idle stream costs it. */
@Command(
    name = "relay",
    description = {
      "Tokens a second through Redis, the bridge, NATS and the adapter, up to the rate that does"
          + " not hold; with --idle, the memory of open streams."
    },
    mixinStandardHelpOptions = true)
final class BenchRelayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchCommand.Output output;

  @Option(
      names = "--lanes",
      paramLabel = "LIST",
      description = "Of redis, nats, core, durable (default: all)")
  private String lanes;

  @Option(
      names = "--rates",
      paramLabel = "LIST",
      description = "Tokens/s over all streams, rising (default: 1000,2000,4000 up to 128000)")
  private String rates;

  @Option(names = "--streams", paramLabel = "N", description = "Conversations (default: 100)")
  private String streams;

  @Option(names = "--duration", paramLabel = "T", description = "Of each step (default: 10s)")
  private String duration;

  @Option(
      names = "--warmup",
      paramLabel = "T",
      description = "Unmeasured step at the beginning of each lane (default: 10s)")
  private String warmup;

  @Option(
      names = "--refine",
      paramLabel = "N",
      description =
          "Halvings between the last rate that held and the first that did not" + " (default: 2)")
  private String refine;

  @Option(
      names = "--tries",
      paramLabel = "N",
      description = "A rate holds if one of so many steps did (default: 3)")
  private String tries;

  @Option(
      names = "--limit",
      paramLabel = "T",
      description = "The lag's p99 must be below it (default: 20ms)")
  private String limit;

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "Instead: open so many streams at once and tell their memory")
  private String idle;

  @Option(
      names = "--every",
      paramLabel = "T",
      description = "With --idle: time between two tokens of a stream (default: 10s)")
  private String every;

  @Option(
      names = "--jvm-options",
      paramLabel = "TEXT",
      description = "Of bridge and adapter, in one text; the default is what runs use")
  private String jvmOptions;

  @Option(
      names = "--ready-within",
      paramLabel = "T",
      description = "How long a process may take to get ready (default: 30s)")
  private String readyWithin;

  @Override
  public Integer call() throws IOException {
    RelaySettings settings = RelaySettings.read(typed());
    return BenchCommand.refusing(
        spec, () -> settings.idle() > 0 ? idle(settings) : rates(settings));
  }

  private int rates(RelaySettings settings) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    RelayResult result =
        new RelayBench(settings, BenchCommand.NANO_CLOCK, InstantSource.system(), out)
            .run(BenchCommand.folder());
    return output.give(
        result.text(),
        result.asMap(),
        result.isComplete() ? Optional.empty() : Optional.of("A lane holds at none of its rates."));
  }

  private int idle(RelaySettings settings) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    IdleResult result =
        new IdleBench(settings, BenchCommand.NANO_CLOCK, InstantSource.system(), out)
            .run(BenchCommand.folder());
    return output.give(
        result.text(),
        result.asMap(),
        result.isComplete() ? Optional.empty() : Optional.of("Not every token came."));
  }

  private Map<String, String> typed() {
    Map<String, String> typed = new LinkedHashMap<>();
    BenchCommand.put(typed, "lanes", lanes);
    BenchCommand.put(typed, "rates", rates);
    BenchCommand.put(typed, "streams", streams);
    BenchCommand.put(typed, "duration", duration);
    BenchCommand.put(typed, "warmup", warmup);
    BenchCommand.put(typed, "refine", refine);
    BenchCommand.put(typed, "tries", tries);
    BenchCommand.put(typed, "limit", limit);
    BenchCommand.put(typed, "idle", idle);
    BenchCommand.put(typed, "every", every);
    BenchCommand.put(typed, "jvm-options", jvmOptions);
    BenchCommand.put(typed, "ready-within", readyWithin);
    return typed;
  }
}
