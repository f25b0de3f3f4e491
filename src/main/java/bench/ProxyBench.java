package bench;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import kpi.Machine;
import kpi.ProcessTree;
import stack.StackFailure;

/** {@code bench proxy}: the same streams directly and through each intermediary, in turn. */
public final class ProxyBench {
  private final BenchSettings settings;
  private final Programs programs;
  private final Map<String, List<String>> variants;
  private final LongSupplier nanoClock;
  private final PrintWriter out;

  /**
   * @param programs where nginx and HAProxy are looked for
   * @param variants further lanes of Gauntlet's proxy: name and JVM options
   * @param nanoClock monotonic nanoseconds
   * @param out takes a line after each leg
   */
  public ProxyBench(
      BenchSettings settings,
      Programs programs,
      Map<String, List<String>> variants,
      LongSupplier nanoClock,
      PrintWriter out) {
    this.settings = settings;
    this.programs = programs;
    this.variants = new LinkedHashMap<>(variants);
    this.nanoClock = nanoClock;
    this.out = out;
  }

  /**
   * Runs all rounds.
   *
   * @param folder takes configurations and logs
   * @throws stack.StackFailure if a process cannot be had
   */
  public ProxyResult run(Path folder) {
    String loadBefore = Machine.load();
    try (Stage stage = new Stage(settings.readyWithin(), folder);
        SseReceiver receiver = new SseReceiver(nanoClock)) {
      List<String> absent = new ArrayList<>();
      List<Lane> lanes = lanes(new Intermediaries(settings, stage), absent);
      absent.forEach(sentence -> say(sentence));
      List<Leg> legs = new ArrayList<>();
      for (int round = 0; round <= settings.rounds(); round++) {
        for (Lane lane : turned(lanes, round)) {
          Leg leg = leg(receiver, lane, round);
          say((round == 0 ? "warm-up: " : "round " + round + ": ") + ProxyResult.words(leg));
          if (round > 0) {
            legs.add(leg);
          }
        }
      }
      legs.sort((a, b) -> Integer.compare(place(lanes, a), place(lanes, b)));
      return new ProxyResult(settings, lanes, absent, legs, loadBefore, Machine.load());
    }
  }

  /** The lanes in the order of a round: each round begins one lane further on. */
  static <T> List<T> turned(List<T> lanes, int round) {
    List<T> turned = new ArrayList<>(lanes);
    Collections.rotate(turned, -round);
    return turned;
  }

  private List<Lane> lanes(Intermediaries servers, List<String> absent) {
    URI llm = servers.llm().url();
    List<Lane> lanes = new ArrayList<>();
    lanes.add(new Lane(Lane.DIRECT, "no intermediary", llm, OptionalLong.empty()));
    lanes.add(servers.gauntlet(Lane.GAUNTLET, llm, settings.jvmOptions()));
    variants.forEach((name, options) -> lanes.add(servers.gauntlet(name, llm, options)));
    other("nginx", "nginx-light", absent)
        .ifPresent(program -> lanes.add(servers.nginx(program, llm)));
    other("haproxy", "haproxy", absent)
        .ifPresent(program -> lanes.add(servers.haproxy(program, llm)));
    return lanes;
  }

  private Optional<Path> other(String name, String debianPackage, List<String> absent) {
    Optional<Path> program = programs.find(name);
    if (program.isEmpty()) {
      absent.add(name + ": not installed (apt install " + debianPackage + "), left out");
    }
    return program;
  }

  private Leg leg(SseReceiver receiver, Lane lane, int round) {
    Meter meter = new Meter(lane.pid());
    Received received = receiver.receive(settings.load(), lane.url(), meter);
    return new Leg(lane.name(), round, received, meter.cpuS(), meter.rssBytes());
  }

  private static int place(List<Lane> lanes, Leg leg) {
    return lanes.stream().map(Lane::name).toList().indexOf(leg.lane());
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Reads a lane's processes at both ends of the plateau. */
  private static final class Meter implements SseReceiver.Plateau {
    private final OptionalLong pid;
    private ProcessTree before;
    private ProcessTree after;

    Meter(OptionalLong pid) {
      this.pid = pid;
    }

    @Override
    public void begins() {
      pid.ifPresent(number -> before = read(number));
    }

    @Override
    public void ends() {
      pid.ifPresent(number -> after = read(number));
    }

    private static ProcessTree read(long pid) {
      return ProcessTree.of(pid)
          .orElseThrow(
              () ->
                  new StackFailure(
                      "cannot read /proc/"
                          + pid
                          + ": the process ended while it was measured, or this is not Linux"));
    }

    OptionalDouble cpuS() {
      return after == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(after.cpuS() - before.cpuS());
    }

    OptionalLong rssBytes() {
      return after == null ? OptionalLong.empty() : OptionalLong.of(after.rssBytes());
    }
  }
}
