package gauntlet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.JsonFile;
import kpi.Manifest;
import kpi.RequestLog;
import kpi.RunFolder;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export <run>}: the requests of a run as CSV (RFC 4180), the names in the first line. */
@Command(
    name = "export",
    description = {
      "Writes the requests of a run (requests.jsonl) as CSV.",
      "One line a request; what is not known is empty. docs/KPIS.md has the columns."
    })
final class ExportCommand implements Callable<Integer> {
  private static final Pattern SPECIAL = Pattern.compile("[,\"\r\n]");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "target/runs/latest",
      description = "The run folder (default: ${DEFAULT-VALUE})")
  private Path run;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file that is written (default: standard output)")
  private Path output;

  @Override
  public Integer call() throws UnusableFile {
    int broken;
    if (output == null) {
      broken = write(spec.commandLine().getOut(), Path.of("standard output"));
    } else {
      try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(output))) {
        broken = write(file, output);
      } catch (IOException e) {
        throw Main.unwritable(output, e);
      }
    }
    if (broken > 0) {
      spec.commandLine().getErr().println(broken + " lines are no requests and were left out.");
    }
    return ExitCode.OK;
  }

  private int write(PrintWriter out, Path name) throws UnusableFile {
    boolean[] begun = {false};
    try {
      int broken =
          RequestLog.read(
              run,
              row -> {
                ObjectNode fields = JsonFile.MAPPER.valueToTree(row);
                if (!begun[0]) {
                  begun[0] = true;
                  out.print(line(fields.properties().stream().map(Map.Entry::getKey)));
                }
                out.print(line(fields.properties().stream().map(each -> cell(each.getValue()))));
              });
      if (out.checkError()) {
        throw Main.unwritable(name, new IOException("write error"));
      }
      return broken;
    } catch (IOException e) {
      RunFolder.existing(run).read(Manifest.FILE, Manifest.class); // Else it is no run folder.
      if (e instanceof NoSuchFileException) {
        String advice = ": a run of SseBattleSimulation writes it.";
        throw new UnusableFile(run + " has no " + RequestLog.FILE + advice, e);
      }
      throw new UnusableFile(run.resolve(RequestLog.FILE) + " cannot be read: " + e, e);
    }
  }

  private static String line(Stream<String> cells) {
    return cells.collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(JsonNode value) {
    String text = value.isNull() ? "" : value.asText();
    return SPECIAL.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
