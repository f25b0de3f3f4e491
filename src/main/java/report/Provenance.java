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
  /** Facts that belong together; those without a value are left out. */
  record Section(String title, List<Fact> facts) {
    private Section with(String name, String value) {
      if (value != null && !value.isEmpty()) {
        facts.add(new Fact(name, value));
      }
      return this;
    }

    private Section with(String name, long value) {
      return with(name, Long.toString(value));
    }

    private Section with(Map<String, String> values) {
      values.forEach(this::with);
      return this;
    }
  }

  record Fact(String name, String value) {}

  static Provenance of(RunFiles run) {
    Manifest manifest = run.manifest();
    Section limits = section("Thresholds and objectives");
    manifest.thresholds().forEach(text -> limits.with("threshold", text));
    manifest.slos().forEach(text -> limits.with("objective", text));
    List<Section> sections =
        new ArrayList<>(
            List.of(
                run(manifest),
                machine(manifest.machine()),
                section("Settings").with(manifest.settings()),
                section("Versions").with(manifest.versions()),
                limits,
                baseline(run)));
    sections.removeIf(section -> section.facts().isEmpty());
    List<Fact> unchecked =
        manifest.unchecked().stream().map(one -> new Fact(one.name(), one.reason())).toList();
    return new Provenance(sections, unchecked);
  }

  private static Section section(String title) {
    return new Section(title, new ArrayList<>());
  }

  private static Section run(Manifest manifest) {
    String dirty = manifest.git().dirty() ? ", with uncommitted changes" : "";
    return section("Run")
        .with("simulation", manifest.simulation())
        .with("profile", manifest.profile())
        .with("started", manifest.started())
        .with("seed", manifest.seed())
        .with("mode", manifest.mode())
        .with("commit", manifest.git().commit() + dirty);
  }

  private static Section machine(Machine machine) {
    String memory = machine.memoryBytes() > 0 ? Shown.megabytes(machine.memoryBytes()) : "";
    return section("Machine")
        .with("CPUs", machine.cpus() > 0 ? Integer.toString(machine.cpus()) : "")
        .with("CPU model", machine.cpuModel())
        .with("memory", memory)
        .with("system", machine.os())
        .with("JVM", machine.jvm());
  }

  private static Section baseline(RunFiles run) {
    Section facts = section("Baseline");
    run.comparison()
        .map(comparison -> comparison.baseline())
        .ifPresent(source -> facts.with("file", source.file()));
    run.baseline().ifPresent(baseline -> add(facts, baseline));
    return facts;
  }

  private static void add(Section facts, Baseline baseline) {
    facts
        .with("made", baseline.made())
        .with("commit", baseline.commit())
        .with("runs", baseline.runs())
        .with("seed", baseline.seed());
    MachineClass machine = baseline.machine();
    if (machine != null) {
      facts
          .with("CPUs", machine.cpus())
          .with("CPU model", machine.cpuModel())
          .with("memory", machine.memoryGib() + " GiB")
          .with("system", machine.os())
          .with("JVM", machine.jvm());
    }
  }
}
