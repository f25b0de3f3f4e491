package gauntlet;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;
import settings.BadSettings;
import targets.shared.Clocks;
import targets.shared.Service;
import targets.shared.TargetSpec;

/** {@code serve <target>}: a command for each target. */
@Command(name = "serve", description = "Runs one target until it is stopped; SIGTERM drains it.")
final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  static CommandLine withTargets() {
    CommandLine serve = new CommandLine(new ServeCommand());
    Targets.ALL.forEach(target -> serve.addSubcommand(target.name(), new OneTarget(target).spec));
    return serve;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing the target's name");
  }

  /**
   * Runs a target until the process is stopped, then drains it. Every option comes from the
   * target's own specification.
   */
  private static final class OneTarget implements Callable<Integer> {
    private static final String PARENT = "--parent";

    private final TargetSpec target;
    private final CommandSpec spec;

    OneTarget(TargetSpec target) {
      this.target = target;
      spec = CommandSpec.wrapWithoutInspection(this);
      spec.usageMessage().description(target.summary());
      SettingOptions.add(spec, target.options());
      spec.addOption(
          OptionSpec.builder(PARENT)
              .type(Long.class)
              .paramLabel("PID")
              .description(
                  "Stop when the process of this number is gone; take the time of day from stdin")
              .build());
    }

    @Override
    public Integer call() throws InterruptedException {
      PrintWriter out = spec.commandLine().getOut();
      Optional<ProcessHandle> parent = parent();
      Service running = target.start(SettingOptions.given(spec));
      CountDownLatch drained =
          Targets.drainedBy(
              () -> {
                running.close();
                out.println("gauntlet " + target.name() + " drained");
              });
      out.println("gauntlet " + target.name() + " listening on http://127.0.0.1:" + running.port());
      parent.ifPresent(this::follow);
      drained.await();
      return ExitCode.OK;
    }

    /** Found before anything is started, for without it nothing would end the target. */
    private Optional<ProcessHandle> parent() {
      Long number = spec.commandLine().getParseResult().matchedOptionValue(PARENT, null);
      if (number == null) {
        return Optional.empty();
      }
      Optional<ProcessHandle> found = ProcessHandle.of(number);
      if (found.isEmpty()) {
        throw new BadSettings(List.of(PARENT + ": no process has the number " + number));
      }
      return found;
    }

    private void follow(ProcessHandle parent) {
      var unused = parent.onExit().thenRun(() -> System.exit(ExitCode.FAILURE));
      Thread clock = new Thread(this::stepClock, "clock");
      clock.setDaemon(true);
      clock.start();
    }

    /**
     * Shifts the time of day by each line on the standard input, which only the parent can write:
     * how far it is ahead of the machine's, such as PT0.5S.
     */
    private void stepClock() {
      Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
      while (lines.hasNextLine()) {
        Duration ahead = Duration.parse(lines.nextLine());
        Clocks.shift(ahead);
        spec.commandLine().getOut().println("gauntlet " + target.name() + " clock " + ahead);
      }
    }
  }
}
