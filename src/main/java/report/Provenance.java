package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kpi.Machine;
import kpi.Manifest;
import verdict.Baseline;
import verdict.Comparison;

/** The origin of the figures: all that is needed to run it again. */
record Provenance(List<Section> sections) {
  /** Facts that belong together; those without a value are left out. */
  record Section(String title, List<Fact> facts) {}

  record Fact(String name, String value) {}

  static Provenance of(RunFiles run) {
    Manifest manifest = run.manifest();
    Stream<Fact> thresholds = manifest.thresholds().stream().map(text -> fact("threshold", text));
    Stream<Fact> objectives = manifest.slos().stream().map(text -> fact("objective", text));
    List<Section> sections =
        new ArrayList<>(
            List.of(
                section("Run", run(manifest)),
                section(
                    "Runs of the generators", manifest.generators().stream().map(Provenance::run)),
                section("Machine", machine(manifest.machine())),
                section("Settings", facts(manifest.settings())),
                section("Versions", facts(manifest.versions())),
                section("Thresholds and objectives", Stream.concat(thresholds, objectives)),
                section("Baseline", baseline(run))));
    sections.removeIf(section -> section.facts().isEmpty());
    return new Provenance(sections);
  }

  private static Section section(String title, Stream<Fact> facts) {
    return new Section(title, facts.filter(fact -> !fact.value().isEmpty()).toList());
  }

  private static Stream<Fact> facts(Map<String, String> values) {
    return values.entrySet().stream().map(entry -> fact(entry.getKey(), entry.getValue()));
  }

  private static Fact fact(String name, Object value) {
    return new Fact(name, Objects.toString(value, ""));
  }

  private static Stream<Fact> run(Manifest manifest) {
    String dirty = manifest.git().dirty() ? ", with uncommitted changes" : "";
    return Stream.of(
        fact("simulation", manifest.simulation()),
        fact("profile", manifest.profile()),
        fact("started", manifest.started()),
        fact("seed", manifest.seed()),
        fact("mode", manifest.mode()),
        fact("commit", manifest.git().commit() + dirty),
        fact("metrics", manifest.metrics()));
  }

  private static Fact run(Manifest.Generator generator) {
    return fact("generator " + generator.share().index(), generator.folder());
  }

  private static Stream<Fact> machine(Machine machine) {
    String memory = machine.memoryBytes() > 0 ? Shown.megabytes(machine.memoryBytes()) : "";
    Object cpus = machine.cpus() > 0 ? machine.cpus() : "";
    return machine(cpus, machine.cpuModel(), memory, machine.os(), machine.jvm());
  }

  private static Stream<Fact> machine(
      Object cpus, String model, String memory, String system, String jvm) {
    return Stream.of(
        fact("CPUs", cpus),
        fact("CPU model", model),
        fact("memory", memory),
        fact("system", system),
        fact("JVM", jvm));
  }

  private static Stream<Fact> baseline(RunFiles run) {
    return Stream.concat(
        run.comparison().map(Comparison::baseline).stream()
            .map(source -> fact("file", source.file())),
        run.baseline().stream().flatMap(Provenance::baseline));
  }

  private static Stream<Fact> baseline(Baseline baseline) {
    Stream<Fact> made =
        Stream.of(
            fact("made", baseline.made()),
            fact("commit", baseline.commit()),
            fact("runs", baseline.runs()),
            fact("seed", baseline.seed()));
    return Stream.concat(
        made,
        Stream.ofNullable(baseline.machine())
            .flatMap(
                m -> machine(m.cpus(), m.cpuModel(), m.memoryGib() + " GiB", m.os(), m.jvm())));
  }
}
