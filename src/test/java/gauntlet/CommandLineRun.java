package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import kpi.Kpi;
import verdict.SampleRun;

/** A command that was run, and its output. */
record CommandLineRun(int code, String out, String err) {
  static final String NAME = "SseBattleSimulation.smoke";

  static CommandLineRun of(Object... words) {
    return at(Terminal.NONE, words);
  }

  /**
   * Runs a command at a terminal.
   *
   * @param terminal answers questions
   * @param words texts, paths, and lists of either
   */
  static CommandLineRun at(Terminal terminal, Object... words) {
    String[] args =
        Arrays.stream(words)
            .flatMap(word -> word instanceof List<?> list ? list.stream() : Stream.of(word))
            .map(Object::toString)
            .toArray(String[]::new);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(terminal, new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new CommandLineRun(code, out.toString(), err.toString());
  }

  /** Requires an exit code. */
  CommandLineRun ending(int expected) {
    assertThat(code).as(out + err).isEqualTo(expected);
    return this;
  }

  /** Requires a refusal without a stack trace that names the words. */
  CommandLineRun refused(String... words) {
    assertThat(err).contains(words).doesNotContain("\tat ");
    return ending(ExitCode.USAGE);
  }

  /** Returns a run of so many days after 2026-11-21, with the median of its ttft in ms. */
  static SampleRun sample(String commit, int day, double ttftMs) {
    SampleRun run = new SampleRun(1).with(Kpi.TTFT, 500, ttftMs);
    run.with("llm.rss_max", 150).with("goodput", 100);
    run.started = "2026-11-" + (21 + day) + "T03:00:00Z";
    run.commit = commit;
    return run;
  }

  /** Writes three runs of one commit, a day apart, whose ttft differs a little. */
  static List<Path> three(Path folder, String commit, double ttftMs) throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int day = 0; day < 3; day++) {
      SampleRun run = sample(commit, day, ttftMs * (1 + 0.01 * day));
      runs.add(run.write(folder.resolve(commit + "-" + day)));
    }
    return runs;
  }

  /** Returns the files in a folder, by name. */
  static Map<String, String> files(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(run)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }
}
