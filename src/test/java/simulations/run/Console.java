package simulations.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import kpi.Figure;
import kpi.Percentiles;
import kpi.Stages;
import report.Report;
import verdict.Criteria.Judgement;
import verdict.Numbers;
import verdict.Verdict;

/** The output at the console. The only place that prints. */
public final class Console {
  private static final PrintStream OUT = System.out;
  private static final PrintStream ERR = System.err;

  private Console() {}

  public static void line(String text) {
    OUT.println(text);
    OUT.flush();
  }

  /** Prints a sentence about a failure. */
  public static void error(String text) {
    ERR.println("gauntlet: " + text);
    ERR.flush();
  }

  /**
   * Explains why a run cannot start and ends the process. Gatling would print a stack trace around
   * the message, which a user who mistyped an option needs.
   */
  static void refuse(List<String> errors) {
    String lines = String.join("\n  ", errors);
    ERR.println("\ngauntlet: the run cannot start.\n  " + lines + "\n");
    ERR.flush();
    exit(1);
  }

  static void exit(int code) {
    System.exit(code);
  }

  static void soFar(Judgement judgement, double nowS) {
    line("\nso far, after " + Numbers.words(nowS, "s") + ":");
    judgement.verdict().lines().forEach(Console::line);
    line("");
  }

  /** Prints the end of a run: figures, verdict, and where the report is. */
  static void verdict(Judgement judgement, Run run) {
    Verdict verdict = judgement.verdict();
    line("");
    judgement.report().kpis().forEach(Console::kpi);
    judgement.report().figures().forEach(Console::figure);
    List<String> stages = Report.stageLines(judgement.report());
    if (!stages.isEmpty()) {
      line("\n" + String.join("\n", stages));
    }
    line("");
    verdict.lines().forEach(Console::line);
    line("  " + run.seconds.last().sentence());
    if (judgement.comparison().made()) {
      line("  " + judgement.comparison().sentence());
    }
    if (!verdict.verdict().isGood() && verdict.letsBuildGoOn()) {
      line("  The build goes on: the comparison was not asked for (-Dfail-on-regression).");
    }
    line("  report   " + run.folder().path().resolve("report.html"));
    line("");
  }

  private static void kpi(String name, Percentiles kpi) {
    if (kpi.count() > 0 && !Stages.isOfStage(name)) {
      line(
          String.format(
              Locale.ROOT,
              "  %-24s p50 %9s  p95 %9s  p99 %9s  max %9s %s  (%,d)",
              name,
              words(kpi.p50()),
              words(kpi.p95()),
              words(kpi.p99()),
              words(kpi.max()),
              kpi.unit(),
              kpi.count()));
    }
  }

  private static void figure(String name, Figure figure) {
    if (!Stages.isOfStage(name)) {
      line(
          String.format(
              Locale.ROOT, "  %-24s %s", name, Numbers.words(figure.value(), figure.unit())));
    }
  }

  private static String words(Double value) {
    return value == null ? "-" : Numbers.plain(value);
  }
}
