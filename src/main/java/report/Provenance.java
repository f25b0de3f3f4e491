package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kpi.Machine;
import kpi.Manifest;
import verdict.Baseline;
import verdict.MachineClass;

/**
 * The origin of the figures: all that is needed to run it again.
 *
 * @param unchecked what the run could not check, and why
 */
record Provenance(List<Section> sections, List<Fact> unchecked) {
  /** Facts that belong together. */
  record Section(String title, List<Fact> facts) {}

  /** A name and its value. */
  record Fact(String name, String value) {}

  static Provenance of(RunFiles run) {
    Manifest manifest = run.manifest();
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("Run", run(manifest)));
    sections.add(new Section("Machine", machine(manifest.machine())));
    sections.add(new Section("Settings", facts(manifest.settings())));
    sections.add(new Section("Versions", facts(manifest.versions())));
    List<Fact> limits = new ArrayList<>();
    manifest.thresholds().forEach(text -> add(limits, "threshold", text));
    manifest.slos().forEach(text -> add(limits, "objective", text));
    sections.add(new Section("Thresholds and objectives", limits));
    sections.add(new Section("Baseline", baseline(run)));
    sections.removeIf(section -> section.facts().isEmpty());
    List<Fact> unchecked =
        manifest.unchecked().stream().map(one -> new Fact(one.name(), one.reason())).toList();
    return new Provenance(sections, unchecked);
  }

  private static List<Fact> run(Manifest manifest) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "simulation", manifest.simulation());
    add(facts, "profile", manifest.profile());
    add(facts, "started", manifest.started());
    // A seed is a name, not an amount: no separators.
    add(facts, "seed", Long.toString(manifest.seed()));
    add(facts, "mode", manifest.mode());
    String dirty = manifest.git().dirty() ? ", with uncommitted changes" : "";
    add(facts, "commit", manifest.git().commit() + dirty);
    return facts;
  }

  private static List<Fact> machine(Machine machine) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "CPUs", machine.cpus() > 0 ? Integer.toString(machine.cpus()) : "");
    add(facts, "CPU model", machine.cpuModel());
    add(
        facts,
        "memory",
        machine.memoryBytes() > 0 ? Shown.megabytes((double) machine.memoryBytes()) : "");
    add(facts, "system", machine.os());
    add(facts, "JVM", machine.jvm());
    return facts;
  }

  private static List<Fact> baseline(RunFiles run) {
    List<Fact> facts = new ArrayList<>();
    run.comparison()
        .map(comparison -> comparison.baseline())
        .ifPresent(source -> add(facts, "file", source.file()));
    run.baseline().ifPresent(baseline -> add(facts, baseline));
    return facts;
  }

  private static void add(List<Fact> facts, Baseline baseline) {
    add(facts, "made", baseline.made());
    add(facts, "commit", baseline.commit());
    add(facts, "runs", Integer.toString(baseline.runs()));
    add(facts, "seed", Long.toString(baseline.seed()));
    MachineClass machine = baseline.machine();
    if (machine != null) {
      add(facts, "CPUs", Integer.toString(machine.cpus()));
      add(facts, "CPU model", machine.cpuModel());
      add(facts, "memory", machine.memoryGib() + " GiB");
      add(facts, "system", machine.os());
      add(facts, "JVM", machine.jvm());
    }
  }

  private static List<Fact> facts(Map<String, String> values) {
    List<Fact> facts = new ArrayList<>();
    values.forEach((name, value) -> add(facts, name, value));
    return facts;
  }

  private static void add(List<Fact> facts, String name, String value) {
    if (value != null && !value.isEmpty()) {
      facts.add(new Fact(name, value));
    }
  }
}
