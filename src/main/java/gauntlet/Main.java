package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import kpi.UnusableFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import report.Report;
import settings.BadSettings;
import stack.StackFailure;

/** {@code java -jar target/gauntlet.jar <command>}; {@code --help} works everywhere. */
@Command(
    name = "gauntlet",
    description = "Battle tests for realtime backends: targets, runs and their verdicts.",
    subcommands = {
      UpCommand.class,
      ExportCommand.class,
      VerdictCommand.class,
      CompareCommand.class,
      AcceptCommand.class,
      MergeCommand.class,
      HistoryCommand.class,
      TokenCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done; a verdict: PASS or WARN",
      "1:internal error",
      "2:an option is wrong, or a file or an address cannot be used; nothing was done",
      "3:a verdict: FAIL",
      "4:a verdict: INCONCLUSIVE",
      "5:a verdict: INVALID"
    })
public final class Main implements Runnable {
  private final CommandLine commandLine;
  private final Terminal terminal;

  private Main(Terminal terminal) {
    this.terminal = terminal;
    commandLine = new CommandLine(this);
    commandLine.addSubcommand("serve", ServeCommand.withTargets());
    commandLine.setExecutionExceptionHandler(Main::explain);
    commandLine.setParameterExceptionHandler(
        (wrong, args) -> {
          CommandLine command = wrong.getCommandLine();
          command.getErr().println(wrong.getMessage());
          CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
          return refuse(command);
        });
  }

  /** Runs a command and exits with its {@link ExitCode}. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // Numbers are written as JSON and Prometheus read them.
    int code = new Main(Terminal.ofProcess()).commandLine.execute(args);
    if (code != ExitCode.OK) {
      System.exit(code);
    }
  }

  /** Runs a command without exiting, for tests. */
  static int run(Terminal terminal, PrintWriter out, PrintWriter err, String... args) {
    return new Main(terminal).commandLine.setOut(out).setErr(err).execute(args);
  }

  Terminal terminal() {
    return terminal;
  }

  @Override
  public void run() {
    commandLine.usage(commandLine.getOut());
  }

  @Command(name = "report", description = "Renders the report of a run folder again.")
  int report(
      @Parameters(
              paramLabel = "RUN",
              defaultValue = "target/runs/latest",
              description = "The run folder (default: ${DEFAULT-VALUE})")
          Path run)
      throws UnusableFile {
    try {
      Report.write(run).forEach(commandLine.getOut()::println);
    } catch (IOException e) {
      throw unwritable(run, e);
    }
    return ExitCode.OK;
  }

  /** Returns the refusal of a path that cannot be written, in words for the user. */
  static UnusableFile unwritable(Path what, IOException e) {
    String reason = e.getMessage();
    if (e instanceof FileSystemException failed) {
      String file = failed.getFile();
      if (e instanceof AccessDeniedException) {
        reason = "access to " + file + " is denied";
      } else if (e instanceof FileAlreadyExistsException) {
        reason = file + " exists and is not a folder";
      } else if (e instanceof NoSuchFileException) {
        reason = "there is no folder for " + file;
      } else if (failed.getReason() != null) {
        reason = file + ": " + failed.getReason();
      }
    }
    return new UnusableFile(what + " cannot be written: " + reason + ".", e);
  }

  private static int refuse(CommandLine command) {
    String help = command.getCommandSpec().qualifiedName() + " --help";
    command.getErr().println("Nothing was done. '" + help + "' lists every option.");
    return ExitCode.USAGE;
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof UnusableFile || failure instanceof StackFailure) {
      err.println(failure.getMessage());
      return ExitCode.USAGE;
    }
    if (failure instanceof BadSettings bad) {
      bad.errors().forEach(err::println);
      return refuse(command);
    }
    err.println(command.getCommandSpec().qualifiedName() + " failed: " + failure);
    failure.printStackTrace(err);
    return ExitCode.FAILURE;
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"gauntlet " + (version == null ? "(from classes)" : version)};
    }
  }
}
