package tidy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which room sees which: the table of the house, read from the import lines. */
final class ImportRules {
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?([\\w.]+(?:\\.\\*)?);");
  private static final Pattern GATLING_DSL =
      Pattern.compile("io\\.gatling\\.javaapi\\.\\w+\\.\\w*Dsl\\.\\*");
  private static final Pattern QUALIFIED =
      Pattern.compile("\\b(?:java|javax|io|com|org|scala)(?:\\.[a-z]\\w*)+\\.[A-Z]\\w*");

  private static final List<String> ROOMS =
      List.of(
          "settings",
          "kpi",
          "stack",
          "faults",
          "targets",
          "verdict",
          "report",
          "gauntlet",
          "simulations",
          "bench",
          "testing",
          "tidy");

  /**
   * A room sees itself and these; a target that is not named here sees what {@code targets.*} does.
   */
  private static final Map<String, Set<String>> SEES =
      Map.ofEntries(
          Map.entry("settings", Set.of()),
          Map.entry("stack", Set.of()),
          Map.entry("faults", Set.of()),
          Map.entry("kpi", Set.of("settings")),
          Map.entry("targets", Set.of()),
          Map.entry("targets.shared", Set.of("settings", "kpi")),
          Map.entry("targets.defects", Set.of("targets", "settings")),
          Map.entry("targets.*", Set.of("targets.shared", "settings")),
          Map.entry("verdict", Set.of("kpi", "settings")),
          Map.entry("report", Set.of("kpi", "verdict")),
          Map.entry(
              "gauntlet",
              Set.of("settings", "kpi", "stack", "faults", "targets", "verdict", "report")),
          Map.entry(
              "simulations", Set.of("kpi", "stack", "faults", "verdict", "report", "settings")),
          Map.entry("bench", Set.of("stack", "kpi", "settings", "gauntlet")),
          Map.entry("testing", Set.of()),
          Map.entry("tidy", Set.of()));

  /** Targets that stand on real servers, with which they are tested. */
  private static final Set<String> SERVED =
      Set.of("targets.relay", "targets.auction", "targets.ticker", "targets.defects");

  private ImportRules() {}

  /** Rooms that a file's room must not see. */
  static Stream<String> rooms(SourceFile file) {
    return file.codeBreaches(
        "the room " + file.room() + " must not see this one (the import table)",
        line -> {
          Matcher found = IMPORT.matcher(line);
          return found.find() && isOurs(found.group(1)) && !sees(file, found.group(1));
        });
  }

  /** Gatling in main, imported or not. */
  static Stream<String> gatling(SourceFile file) {
    return file.isMain()
        ? file.codeBreaches("main never sees Gatling", line -> line.contains("io.gatling."))
        : Stream.empty();
  }

  /** Star imports; Gatling's own language is written with them. */
  static Stream<String> stars(SourceFile file) {
    return file.codeBreaches(
        "import the names that you use",
        line -> {
          Matcher found = IMPORT.matcher(line);
          return found.find()
              && found.group(1).endsWith("*")
              && !(file.isSimulation() && GATLING_DSL.matcher(found.group(1)).matches());
        });
  }

  /** Names of packages inside code. */
  static Stream<String> qualified(SourceFile file) {
    return file.codeBreaches(
        "import the class instead of naming its package",
        line -> !line.matches("^(import|package) .*") && QUALIFIED.matcher(line).find());
  }

  private static boolean isOurs(String name) {
    return ROOMS.contains(name.substring(0, name.indexOf('.')));
  }

  private static boolean sees(SourceFile file, String name) {
    String room = file.room();
    Set<String> seen =
        SEES.containsKey(room) || !room.startsWith("targets.")
            ? SEES.getOrDefault(room, Set.of())
            : SEES.get("targets.*");
    boolean testTool = !file.isMain() && name.startsWith("testing.");
    boolean served = !file.isMain() && SERVED.contains(room) && name.startsWith("stack.");
    // What a target in a test's own process uses is read as a run reads it.
    boolean metered = !file.isMain() && room.startsWith("targets.") && name.startsWith("kpi.");
    return testTool
        || served
        || metered
        || name.startsWith(room + ".")
        || seen.stream().anyMatch(other -> name.startsWith(other + "."));
  }
}
