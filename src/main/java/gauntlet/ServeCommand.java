package gauntlet;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import settings.BadSettings;
import settings.Setting;
import targets.shared.Target;
import targets.shared.TargetSpec;

/**
 * {@code serve <target>}: runs a target until the process is stopped, then drains it. Every option
 * comes from the target's own specification.
 */
final class ServeCommand {
  private static final String PARENT = "--parent";

  private final TargetSpec target;

  private ServeCommand(TargetSpec target) {
    this.target = target;
  }

  /** The command of one target. */
  static CommandSpec spec(TargetSpec target) {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(new ServeCommand(target)).mixinStandardHelpOptions(true);
    spec.usageMessage().description(target.summary());
    for (Setting setting : target.options()) {
      spec.addOption(
          OptionSpec.builder("--" + setting.name())
              .type(String.class)
              .paramLabel("VALUE")
              .description(
                  setting.meaning()
                      + (setting.defaultValue().isEmpty()
                          ? ""
                          : " (default: " + setting.defaultValue() + ")"))
              .build());
    }
    spec.addOption(
        OptionSpec.builder(PARENT)
            .type(Long.class)
            .paramLabel("PID")
            .description("Stop when the process of this number is gone")
            .build());
    return spec;
  }

  /** Starts the target and waits for the end of the process. */
  int call(ParseResult parsed) {
    PrintWriter out = parsed.commandSpec().commandLine().getOut();
    Map<String, String> values = new LinkedHashMap<>();
    for (ArgSpec option : parsed.matchedArgs()) {
      if (option instanceof OptionSpec named && named.getValue() instanceof String value) {
        values.put(named.longestName().substring(2), value);
      }
    }
    Optional<ProcessHandle> parent = parent(parsed);
    Target running = target.start(values);
    CountDownLatch stop = new CountDownLatch(1);
    Thread drain = new Thread(() -> drain(running, stop, out), "drain");
    Runtime.getRuntime().addShutdownHook(drain);
    out.println("gauntlet " + target.name() + " listening on http://127.0.0.1:" + running.port());
    out.flush();
    parent.ifPresent(ServeCommand::follow);
    await(stop);
    return ExitCode.OK;
  }

  private void drain(Target running, CountDownLatch stop, PrintWriter out) {
    running.close();
    out.println("gauntlet " + target.name() + " drained");
    out.flush();
    stop.countDown();
  }

  /** Found before anything is started, for without it nothing would end the target. */
  private static Optional<ProcessHandle> parent(ParseResult parsed) {
    Long number = parsed.matchedOptionValue(PARENT, null);
    if (number == null) {
      return Optional.empty();
    }
    Optional<ProcessHandle> found = ProcessHandle.of(number);
    if (found.isEmpty()) {
      throw new BadSettings(List.of(PARENT + ": no process has the number " + number));
    }
    return found;
  }

  private static void follow(ProcessHandle parent) {
    var unused = parent.onExit().thenRun(() -> System.exit(ExitCode.FAILURE));
  }

  private static void await(CountDownLatch stop) {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
