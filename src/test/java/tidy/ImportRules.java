package tidy;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which room sees which: the table of the house, read from the import lines. */
final class ImportRules {
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?([\\w.]+(?:\\.\\*)?);");
  private static final Pattern GATLING_DSL =
      Pattern.compile("io\\.gatling\\.javaapi\\.\\w+\\.\\w*Dsl\\.\\*");
  private static final Pattern QUALIFIED =
      Pattern.compile("\\b(?:java|javax|io|com|org|scala)(?:\\.[a-z]\\w*)+\\.[A-Z]\\w*");

  /**
   * A room sees itself and these; a target that is not named here sees what {@code targets.*} does.
   */
  private static final Map<String, String> SEES =
      Map.ofEntries(
          entry("settings", ""),
          entry("stack", ""),
          entry("faults", ""),
          entry("kpi", "settings"),
          entry("targets", ""),
          entry("targets.shared", "settings kpi"),
          entry("targets.defects", "targets settings"),
          entry("targets.*", "targets.shared settings"),
          entry("verdict", "kpi settings"),
          entry("report", "kpi verdict"),
          entry("gauntlet", "settings kpi stack targets verdict report"),
          entry("simulations", "kpi stack faults verdict report settings"),
          entry("bench", "stack kpi settings gauntlet"),
          entry("testing", ""),
          entry("tidy", ""));

  /** Targets that are tested with real servers and faults of these, and what these tests share. */
  private static final Set<String> SERVED =
      Set.of(
          "targets.relay",
          "targets.auction",
          "targets.ticker",
          "targets.defects",
          "targets.shared");

  private ImportRules() {}

  static Stream<String> rooms(SourceFile file) {
    return file.codeBreaches(
        "the room " + file.room() + " must not see this one (the import table)",
        line -> {
          Matcher found = IMPORT.matcher(line);
          return found.find() && isOurs(found.group(1)) && !sees(file, found.group(1));
        });
  }

  /** Rooms of the table that are empty. */
  static Stream<String> emptyRooms(Stream<SourceFile> java) {
    Set<String> rooms = java.map(SourceFile::room).collect(Collectors.toSet());
    return SEES.keySet().stream()
        .filter(room -> !room.equals("targets.*"))
        .filter(room -> !rooms.contains(room));
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

  static Stream<String> qualified(SourceFile file) {
    return file.codeBreaches(
        "import the class instead of naming its package",
        line -> !line.matches("^(import|package) .*") && QUALIFIED.matcher(line).find());
  }

  private static boolean isOurs(String name) {
    return SEES.containsKey(name.substring(0, name.indexOf('.')));
  }

  private static boolean sees(SourceFile file, String name) {
    String room = file.room();
    boolean target = room.startsWith("targets.");
    String seen = SEES.getOrDefault(room, target ? SEES.get("targets.*") : "");
    boolean testTool = !file.isMain() && name.startsWith("testing.");
    boolean served = !file.isMain() && SERVED.contains(room) && name.matches("(stack|faults)\\..*");
    // What a target in a test's own process uses is read as a run reads it.
    boolean metered = !file.isMain() && target && name.startsWith("kpi.");
    return testTool
        || served
        || metered
        || Stream.of((seen + " " + room).strip().split(" "))
            .anyMatch(other -> name.startsWith(other + "."));
  }
}
