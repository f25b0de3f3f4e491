package gauntlet;

import bench.fanout.FanOutBench;
import bench.fanout.FanOutResult;
import bench.fanout.FanOutSettings;
import java.io.IOException;
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

/** {@code bench fanout}: one feed to many WebSockets, beside others' servers. */
@Command(
    name = "fanout",
    description = {
      "One feed to many WebSockets, through the ticker, broadcast, nats-server and nginx's nchan in"
          + " turn, up to the rate that does not hold."
    },
    mixinStandardHelpOptions = true)
final class BenchFanOutCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchCommand.Output output;

  @Option(
      names = "--lanes",
      paramLabel = "LIST",
      description = "Of ticker, broadcast, nats, nchan (default: all)")
  private String lanes;

  @Option(names = "--viewers", paramLabel = "N", description = "Of each lane (default: 1000)")
  private String viewers;

  @Option(
      names = "--rates",
      paramLabel = "LIST",
      description = "Messages/s, rising; each viewer gets all (default: 10,20,40)")
  private String rates;

  @Option(names = "--duration", paramLabel = "T", description = "Of each step (default: 10s)")
  private String duration;

  @Option(
      names = "--warmup",
      paramLabel = "T",
      description = "Unmeasured step at the beginning of each lane (default: 10s)")
  private String warmup;

  @Option(
      names = "--limit",
      paramLabel = "T",
      description = "The lag's p99 must be below it (default: 100ms)")
  private String limit;

  @Option(
      names = "--jvm-options",
      paramLabel = "TEXT",
      description = "Of ticker and broadcast, in one text; the default is what runs use, in 256m")
  private String jvmOptions;

  @Option(
      names = "--ready-within",
      paramLabel = "T",
      description = "How long a process may take to get ready (default: 30s)")
  private String readyWithin;

  @Override
  public Integer call() throws IOException {
    FanOutSettings settings = FanOutSettings.read(typed());
    return BenchCommand.refusing(
        spec,
        () -> {
          FanOutResult result =
              new FanOutBench(
                      settings,
                      BenchCommand.programs(),
                      BenchCommand.NANO_CLOCK,
                      InstantSource.system(),
                      spec.commandLine().getOut())
                  .run(BenchCommand.folder());
          return output.give(
              result.text(),
              result.asMap(),
              result.isComplete()
                  ? Optional.empty()
                  : Optional.of("A lane holds at none of its rates."));
        });
  }

  private Map<String, String> typed() {
    Map<String, String> typed = new LinkedHashMap<>();
    BenchCommand.put(typed, "lanes", lanes);
    BenchCommand.put(typed, "viewers", viewers);
    BenchCommand.put(typed, "rates", rates);
    BenchCommand.put(typed, "duration", duration);
    BenchCommand.put(typed, "warmup", warmup);
    BenchCommand.put(typed, "limit", limit);
    BenchCommand.put(typed, "jvm-options", jvmOptions);
    BenchCommand.put(typed, "ready-within", readyWithin);
    return typed;
  }
}
