package tidy;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Words that must not stand in the sources, each with what to write instead. */
final class WordRules {
  private static final String MAIN_JAVA = "src/main/java/";
  private static final String SIMULATIONS = "src/test/java/simulations/";

  /**
   * A banned word.
   *
   * @param scope beginnings of the paths where it is banned
   * @param allowed ends of the paths where it may stand all the same
   */
  private record Ban(Pattern word, String instead, List<String> scope, List<String> allowed) {
    boolean covers(SourceFile file) {
      return scope.stream().anyMatch(file.path()::startsWith)
          && allowed.stream().noneMatch(file.path()::endsWith);
    }
  }

  private static final List<String> EVERYWHERE = List.of("");

  /** Tests measure what they must; what they test gets its clock and its chance by constructor. */
  private static final List<String> MEASURED = List.of(MAIN_JAVA, SIMULATIONS);

  private static final List<String> TESTS = List.of("Test.java", "IT.java");

  /**
   * Ends of the paths where a clock is read: where a target, a run or the command line is composed,
   * and where a wait is bounded.
   */
  private static final List<String> CLOCKS =
      List.of(
          "Server.java",
          "Test.java",
          "IT.java",
          "targets/shared/Clocks.java",
          "stack/ManagedProcess.java",
          "stack/ProgramCache.java",
          "simulations/run/Run.java",
          "simulations/run/Audit.java");

  private static final List<Ban> CODE =
      List.of(
          ban(
              "System\\.(out|err)\\b",
              "print through simulations.run.Console or picocli's writers",
              EVERYWHERE,
              List.of("simulations/run/Console.java")),
          ban("new Random\\(\\)", "give Random a seed"),
          ban("new Random\\(", "use SplittableRandom with a seed", MEASURED, TESTS),
          ban("\\.to(Lower|Upper)Case\\(\\)", "give Locale.ROOT"),
          ban("Math\\.random\\b", "use SplittableRandom with a seed"),
          ban("\\bThreadLocalRandom\\b", "use SplittableRandom with a seed"),
          ban("\\.printStackTrace\\(\\)", "let it fly, or say in a sentence what happened"),
          ban("\\blombok\\b", "write a record"),
          ban(
              "\\b(class|interface|enum|record)\\s+\\w*(Manager|Helper|Utils?|Impl)\\b",
              "name the class by what it is"),
          ban(
              "System(\\.|::)(nanoTime|currentTimeMillis)\\b",
              "take a clock by constructor",
              MEASURED,
              CLOCKS),
          ban(
              "InstantSource\\.system\\(|Instant\\.now\\(",
              "take the time of day from Clocks.SYSTEM, which a fault can step",
              List.of(MAIN_JAVA + "targets/"),
              CLOCKS),
          ban(
              "System\\.(getProperty|getProperties|getenv)\\b",
              "read settings through SuiteConfig",
              MEASURED,
              List.of(
                  "simulations/run/SuiteConfig.java",
                  // What the machine is, where this JVM lies, and where programs are.
                  "kpi/Machine.java",
                  "stack/Host.java",
                  "stack/TargetProcess.java",
                  TESTS.get(0),
                  TESTS.get(1))));

  private static final Ban UNFINISHED = ban("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b", "finish it");

  /**
   * Words of which docs/STYLE.md has the better ones, in documents, comments and sentences alike.
   * Each has a bracketed letter, so that this file has none of them.
   */
  private static final Pattern PROSE =
      Pattern.compile(
          "(?i)\\b(to[l]d|hear[d]|hear[s]|born[e]|no[b]ody|some[b]ody|any[b]ody|every[b]ody"
              + "|who[e]ver|what[e]ver|in[ ]vain|of[ ]before)\\b");

  private static final Pattern PROSE_FILE =
      Pattern.compile("(src/.*|docs/.*|README)\\.(java|md|conf|js)");

  /** String's without a locale, or a statement up to one of literals, which have none. */
  private static final Pattern LOCAL_FORMAT =
      Pattern.compile(
          "String\\.format\\((?!\\s*Locale)|(?:(?<![^;{}])|\\G)[^;{}]*?\\.formatted\\(");

  private static final Pattern NUMBER = Pattern.compile("%[-,0-9.+ ]*[defg]");

  private static final Pattern FOLDER = Pattern.compile("(?<![\\w.$}*-])/(work|root|tmp)/");

  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?i)https?://[^/\\s\"<]*"
              + "(artifac[t]ory|nexu[s]|jfro[g]|regist[r]y|repo1?\\.mave[n])[^/\\s]*/");

  private WordRules() {}

  static Stream<String> prose(SourceFile file) {
    return PROSE_FILE.matcher(file.path()).matches()
        ? file.breaches("use the field's word (docs/STYLE.md)", line -> PROSE.matcher(line).find())
        : Stream.empty();
  }

  /** What depends on the machine that it was written on. */
  static Stream<String> places(SourceFile file) {
    return Stream.concat(
        file.breaches("no absolute path of a machine", line -> FOLDER.matcher(line).find()),
        file.breaches("no host of a registry", line -> REGISTRY.matcher(line).find()));
  }

  static Stream<String> banned(SourceFile file) {
    return CODE.stream()
        .filter(ban -> ban.covers(file))
        .flatMap(ban -> file.codeBreaches(rule(ban), line -> ban.word().matcher(line).find()));
  }

  /** Formats in the machine's locale, in whose digits it would write numbers. */
  static Stream<String> locales(SourceFile file) {
    return LOCAL_FORMAT
        .matcher(file.code())
        .results()
        .filter(
            found ->
                found.group().startsWith("S")
                    || NUMBER.matcher(file.text().substring(found.start(), found.end())).find())
        .map(found -> (int) file.text().substring(0, found.end()).lines().count())
        .map(line -> file.at(line, "a number needs String.format(Locale.ROOT, …), or %s"));
  }

  /** Notes of unfinished work, also in comments. */
  static Stream<String> unfinished(SourceFile file) {
    return file.breaches(rule(UNFINISHED), line -> UNFINISHED.word().matcher(line).find());
  }

  private static String rule(Ban ban) {
    return "'" + ban.word() + "' is banned: " + ban.instead();
  }

  private static Ban ban(String word, String instead) {
    return ban(word, instead, EVERYWHERE, List.of());
  }

  private static Ban ban(String word, String instead, List<String> scope, List<String> allowed) {
    return new Ban(Pattern.compile(word), instead, scope, allowed);
  }
}
