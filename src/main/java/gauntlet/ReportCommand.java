package gauntlet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import report.Report;

/** {@code report <run>}: renders report.html, junit.xml and summary.md of a run folder again. */
@Command(name = "report", description = "Renders the report of a run folder again.")
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      defaultValue = "target/runs/latest",
      description = "The run folder (default: ${DEFAULT-VALUE})")
  private Path run;

  @Override
  public Integer call() throws IOException, UnusableFile {
    Report.write(run).forEach(spec.commandLine().getOut()::println);
    return ExitCode.OK;
  }
}
