package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import kpi.RunFolder;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import report.Report;
import settings.Setting;
import settings.SettingsReader;
import verdict.Baselines;
import verdict.Check;
import verdict.Comparison;
import verdict.Criteria;
import verdict.Criteria.Judgement;
import verdict.Numbers;
import verdict.RunRecord;
import verdict.Verdict;

/** {@code verdict <run>}: judges an old run again. */
@Command(
    name = "verdict",
    description = {
      "Judges a run again, without running it again.",
      "By its own limits and rules or by others, and against the current baseline."
          + " Validity and invariants stay as the run recorded them. Writes only with --write."
    })
final class VerdictCommand implements Callable<Integer> {
  private static final int DIFFERENCES_MAX = 6;
  private static final String WRITTEN =
      "verdict.json, comparison.json, baseline.json, report.html, junit.xml and summary.md";

  private CommandSpec spec;
  private CriteriaOptions options;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "target/runs/latest",
      description = "The run folder (default: ${DEFAULT-VALUE})")
  private Path folder;

  @Option(names = "--write", description = "Put the new verdict into the run folder: " + WRITTEN)
  private boolean write;

  @Spec
  void declare(CommandSpec own) {
    spec = own;
    SettingOptions.add(spec, Setting.of(CriteriaOptions.class));
  }

  @Override
  public Integer call() throws UnusableFile {
    RunRecord run = RunRecord.read(folder);
    if (write) {
      refuseWhatCannotBeWritten();
    }
    SettingsReader reader = SettingOptions.reader(spec, Setting.of(CriteriaOptions.class));
    options = reader.read(CriteriaOptions.class);
    Criteria criteria = options.read(reader, run);
    Judgement judgement = criteria.judge(run, options.baselines());
    PrintWriter out = spec.commandLine().getOut();
    out.println(title(run));
    out.println();
    judgement.verdict().lines().forEach(out::println);
    out.println();
    compared(run, judgement).forEach(out::println);
    differences(run.verdict(), judgement.verdict()).forEach(out::println);
    if (write) {
      write(run, judgement, options.baselines());
      out.println("Written to " + folder + ", with report.html, junit.xml and summary.md.");
    } else {
      out.println("Nothing was written; --write puts this verdict into the run folder.");
    }
    return ExitCode.of(judgement.verdict().binding());
  }

  private static String title(RunRecord run) {
    return Numbers.sentence(
        "%s.%s of %s, commit %.7s%s%n%s",
        run.simulation(),
        run.profile(),
        run.started(),
        run.commit(),
        run.dirty() ? " with uncommitted changes" : "",
        run.folder());
  }

  /** Returns the changes and what a reader must know of them, with a blank line after them. */
  private List<String> compared(RunRecord run, Judgement judgement) {
    Verdict verdict = judgement.verdict();
    List<String> lines = new ArrayList<>();
    if (judgement.comparison().made()) {
      lines.addAll(judgement.comparison().lines());
    }
    if (run.verdict().failOnRegression() && !options.failOnRegression()) {
      lines.add(
          "The run was judged with fail-on-regression; this judgement was not"
              + " (--fail-on-regression).");
    }
    if (!verdict.verdict().isGood() && verdict.letsBuildGoOn()) {
      lines.add("The exit code is 0 all the same: --fail-on-regression was not given.");
    }
    if (!lines.isEmpty()) {
      lines.add("");
    }
    return lines;
  }

  /** Returns the differences between the new verdict and the recorded one. */
  private static List<String> differences(Verdict recorded, Verdict now) {
    Map<String, Check.Outcome> before = outcomes(recorded);
    Map<String, Check.Outcome> after = outcomes(now);
    Set<String> names = new LinkedHashSet<>(after.keySet());
    names.addAll(before.keySet());
    names.removeIf(name -> before.get(name) == after.get(name));
    List<String> lines = new ArrayList<>();
    lines.add(
        "The run folder has "
            + recorded.verdict()
            + (recorded.verdict() == now.verdict() ? " too" : "; this is " + now.verdict())
            + (names.isEmpty() ? ", check by check." : ". Checks that differ:"));
    names.stream()
        .limit(DIFFERENCES_MAX)
        .map(name -> "  " + name + " was " + word(before, name) + " and is " + word(after, name))
        .forEach(lines::add);
    if (names.size() > DIFFERENCES_MAX) {
      lines.add("  and " + (names.size() - DIFFERENCES_MAX) + " more");
    }
    return lines;
  }

  private static Map<String, Check.Outcome> outcomes(Verdict verdict) {
    Map<String, Check.Outcome> outcomes = new LinkedHashMap<>();
    verdict.checks().forEach(check -> outcomes.putIfAbsent(check.name(), check.outcome()));
    return outcomes;
  }

  private static String word(Map<String, Check.Outcome> outcomes, String name) {
    return outcomes.containsKey(name) ? outcomes.get(name).name() : "not checked";
  }

  /** Refuses a folder that cannot be written, before any of it is rewritten. */
  private void refuseWhatCannotBeWritten() throws UnusableFile {
    if (!Files.isWritable(folder)) {
      throw new UnusableFile(folder + " cannot be written: access is denied.");
    }
    for (String name : WRITTEN.split(", | and ", -1)) {
      if (Files.isDirectory(folder.resolve(name))) {
        throw new UnusableFile(folder.resolve(name) + " cannot be written: it is a folder.");
      }
    }
  }

  /** Writes a judgement, and the reports, into the folder of its run. */
  static void write(RunRecord run, Judgement judgement, Baselines baselines) throws UnusableFile {
    Path folder = run.folder();
    RunFolder files = RunFolder.existing(folder);
    try {
      files.writeJson("comparison.json", judgement.comparison());
      copyBaseline(run, judgement.comparison(), baselines);
      files.writeJson("verdict.json", judgement.verdict());
      Report.write(folder);
    } catch (IOException e) {
      throw Main.unwritable(folder, e);
    }
  }

  /** Copies the baseline; an older copy would contradict the comparison. */
  private static void copyBaseline(RunRecord run, Comparison comparison, Baselines baselines)
      throws IOException {
    Path copy = run.folder().resolve("baseline.json");
    if (comparison.made()) {
      Path file = baselines.file(run.simulation(), run.profile());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(copy);
    }
  }
}
