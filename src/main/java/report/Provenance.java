package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the figures come from: all that is needed to run it again.
 *
 * @param unchecked what the run could not check, and why
 */
record Provenance(List<Section> sections, List<Fact> unchecked) {

  /** Facts that belong together. */
  record Section(String title, List<Fact> facts) {}

  /** A name and its value. */
  record Fact(String name, String value) {}

  static Provenance of(RunFolder folder) {
    JsonNode manifest = folder.manifest();
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("Run", run(manifest)));
    sections.add(new Section("Machine", machine(manifest.path("machine"))));
    sections.add(new Section("Settings", facts(manifest.path("settings"))));
    sections.add(new Section("Versions", facts(manifest.path("versions"))));
    sections.add(new Section("Thresholds and objectives", limits(manifest)));
    sections.add(new Section("Baseline", baseline(folder)));
    sections.removeIf(section -> section.facts().isEmpty());
    List<Fact> unchecked = new ArrayList<>();
    for (JsonNode node : manifest.path("unchecked")) {
      unchecked.add(new Fact(node.path("name").asText(""), node.path("reason").asText("")));
    }
    return new Provenance(sections, unchecked);
  }

  private static List<Fact> run(JsonNode manifest) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "simulation", manifest.path("simulation").asText(""));
    add(facts, "profile", manifest.path("profile").asText(""));
    add(facts, "started", manifest.path("started").asText(""));
    // A seed is a name, not an amount: no separators.
    add(facts, "seed", manifest.path("seed").asText(""));
    add(facts, "mode", manifest.path("mode").asText(""));
    JsonNode git = manifest.path("git");
    String dirty = git.path("dirty").asBoolean() ? ", with uncommitted changes" : "";
    String commit = git.path("commit").asText("");
    add(facts, "commit", commit.isEmpty() ? "" : commit + dirty);
    return facts;
  }

  private static List<Fact> machine(JsonNode machine) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "CPUs", machine.path("cpus").asText(""));
    add(facts, "CPU model", machine.path("cpu_model").asText(""));
    JsonNode memory = machine.path("memory_bytes");
    add(facts, "memory", memory.isNumber() ? JsonNumbers.megabytes(memory.asDouble()) : "");
    // A baseline keeps whole GiB, for no two machines have quite the same memory.
    JsonNode gib = machine.path("memory_gib");
    add(facts, "memory", gib.isNumber() ? gib.asText() + " GiB" : "");
    add(facts, "system", machine.path("os").asText(""));
    add(facts, "JVM", machine.path("jvm").asText(""));
    return facts;
  }

  private static List<Fact> baseline(RunFolder folder) {
    JsonNode baseline = folder.baseline();
    List<Fact> facts = new ArrayList<>();
    add(facts, "file", folder.comparison().path("baseline").path("file").asText(""));
    add(facts, "made", baseline.path("made").asText(""));
    add(facts, "commit", baseline.path("commit").asText(""));
    add(facts, "runs", baseline.path("runs").asText(""));
    add(facts, "seed", baseline.path("seed").asText(""));
    facts.addAll(machine(baseline.path("machine")));
    return facts;
  }

  private static List<Fact> limits(JsonNode manifest) {
    List<Fact> facts = new ArrayList<>();
    manifest.path("thresholds").forEach(text -> add(facts, "threshold", text.asText("")));
    manifest.path("slos").forEach(text -> add(facts, "objective", text.asText("")));
    return facts;
  }

  private static List<Fact> facts(JsonNode object) {
    List<Fact> facts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      JsonNode value = entry.getValue();
      add(facts, entry.getKey(), value.isValueNode() ? value.asText() : value.toString());
    }
    return facts;
  }

  private static void add(List<Fact> facts, String name, String value) {
    if (!value.isEmpty()) {
      facts.add(new Fact(name, value));
    }
  }
}
