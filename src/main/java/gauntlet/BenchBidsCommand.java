package gauntlet;

import bench.bids.BidsBench;
import bench.bids.BidsResult;
import bench.bids.BidsSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench bids}: bids a second on one item, beside Redis alone. */
@Command(
    name = "bids",
    description = {
      "Decided and accepted bids a second on one item, by wrk, beside what redis-benchmark gets out"
          + " of the same script."
    },
    mixinStandardHelpOptions = true)
final class BenchBidsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchCommand.Output output;

  @Option(
      names = "--strategies",
      paramLabel = "LIST",
      description = "Of lua, optimistic (default: both)")
  private String strategies;

  @Option(
      names = "--users",
      paramLabel = "LIST",
      description = "Connections at once, rising (default: 100,1000,2000)")
  private String users;

  @Option(names = "--duration", paramLabel = "T", description = "Of each step (default: 10s)")
  private String duration;

  @Option(
      names = "--warmup",
      paramLabel = "T",
      description = "Unmeasured step at the beginning of each strategy (default: 15s)")
  private String warmup;

  @Option(
      names = "--jvm-options",
      paramLabel = "TEXT",
      description = "Of the bid service, in one text; the default is what runs use, in 256m")
  private String jvmOptions;

  @Option(
      names = "--ready-within",
      paramLabel = "T",
      description = "How long a process may take to get ready (default: 30s)")
  private String readyWithin;

  @Override
  public Integer call() throws IOException {
    BidsSettings settings = BidsSettings.read(typed());
    return BenchCommand.refusing(
        spec,
        () -> {
          BidsResult result =
              new BidsBench(
                      settings,
                      BenchCommand.programs(),
                      BenchCommand.NANO_CLOCK,
                      spec.commandLine().getOut())
                  .run(BenchCommand.folder());
          return output.give(
              result.text(),
              result.asMap(),
              result.isComplete() ? Optional.empty() : Optional.of("Not every bid was decided."));
        });
  }

  private Map<String, String> typed() {
    Map<String, String> typed = new LinkedHashMap<>();
    BenchCommand.put(typed, "strategies", strategies);
    BenchCommand.put(typed, "users", users);
    BenchCommand.put(typed, "duration", duration);
    BenchCommand.put(typed, "warmup", warmup);
    BenchCommand.put(typed, "jvm-options", jvmOptions);
    BenchCommand.put(typed, "ready-within", readyWithin);
    return typed;
  }
}
