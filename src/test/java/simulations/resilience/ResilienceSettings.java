package simulations.resilience;

import static java.util.stream.Collectors.toSet;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import faults.ClockStep;
import faults.Fault;
import faults.FaultPlan;
import faults.FaultPlan.Strike;
import faults.Part;
import faults.ProcessFault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import settings.Option;
import settings.SettingsReader;
import simulations.run.Arrivals;
import simulations.run.CommonSettings;
import simulations.run.OutsidePart;
import simulations.run.Run;
import simulations.run.Seat;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;
import verdict.Numbers;

/** The settings of the resilience run: those of the system's own simulation, and the faults. */
public record ResilienceSettings(
    SystemName system, SystemName.Own own, Faults faults, Seat.Waits waits, FaultPlan plan)
    implements SimulationSettings {
  private static final String ALL = "all";
  private static final String LINKS = "links";
  private static final String CLOCKS = "clocks";
  private static final String CLOCK_STEP = "clock-step";

  /** The faults of named plans, unless an option names others. */
  private static final Map<String, String> USUAL =
      Map.of(
          "postgres",
          "stop",
          "nats",
          "stop",
          ALL,
          "kill, stop, pause",
          CLOCKS,
          CLOCK_STEP,
          LINKS,
          "reset, black-hole, latency");

  /** Servers that a run can give a small disk. */
  private static final Set<String> STORES = Set.of("redis", "nats", "nats-2", "nats-3", "postgres");

  private static final String NO_DISK =
      "full-disk is for " + String.join(", ", new TreeSet<>(STORES)) + " that the run starts, not ";

  /** Servers have no time of day that can be stepped without that of the machine. */
  private static final Set<String> SERVERS =
      Stream.concat(STORES.stream(), Stream.of("nats-leaf")).collect(toSet());

  private static final String NO_CLOCK = "clock-step is for bundled targets of the run, not ";

  /** Between the last client's longest wait after the last repair and the end of the load. */
  private static final Duration AFTER = Duration.ofSeconds(5);

  private record Choice(@Option SystemName system) {}

  /**
   * The faults.
   *
   * @param plan a part, {@code all} processes, all {@code links}, the {@code clocks} of all
   *     targets, or the file of a plan
   * @param fault of a named plan; empty for its usual one
   * @param faultAt first strike, from the moment when all users are there
   * @param faultFor length of each
   * @param faultGap from the end of one to the next
   * @param faultDelay of each byte in each direction, if the fault is latency
   * @param faultStep of the time of day, if the fault is clock-step
   */
  public record Faults(
      @Option String plan,
      @Option Optional<String> fault,
      @Option(in = "0..1h") Duration faultAt,
      @Option(in = "0..1h") Duration faultFor,
      @Option(in = "0..1h") Duration faultGap,
      @Option(in = "1ms..1h") Duration faultDelay,
      @Option(in = "-1d..1d") Duration faultStep,
      Outside outside,
      Bounds bounds) {
    private List<? extends Config> entries(FaultPlan.Parts parts) {
      Map<String, Object> named = new TreeMap<>();
      parts.processes().forEach(part -> named.put(part, part));
      parts.links().forEach(link -> named.put(link, link));
      named.put(ALL, List.copyOf(parts.processes()));
      named.put(LINKS, List.copyOf(parts.links()));
      named.put(
          CLOCKS, parts.processes().stream().filter(part -> !SERVERS.contains(part)).toList());
      if (!named.containsKey(plan) && !Files.isRegularFile(Path.of(plan))) {
        throw new ConfigException.Generic(
            "'%s' is no plan of this system and no file; choose of %s, or name a file"
                .formatted(plan, String.join(", ", named.keySet())));
      } else if (!named.containsKey(plan)) {
        return ConfigFactory.parseFile(Path.of(plan).toFile()).resolve().getConfigList("faults");
      }
      String usual = USUAL.getOrDefault(plan, parts.links().contains(plan) ? "black-hole" : "kill");
      List<String> what = List.of(fault.orElse(usual).split(" *, *"));
      Map<String, Object> entry = new HashMap<>();
      entry.put("at", faultAt.toMillis() + "ms");
      entry.put("for", faultFor.toMillis() + "ms");
      entry.put("gap", faultGap.toMillis() + "ms");
      entry.put("order", "random");
      entry.put("whom", named.get(plan));
      entry.put("what", what);
      if (what.contains("latency")) {
        entry.put("delay", faultDelay.toMillis() + "ms");
      }
      if (what.contains(CLOCK_STEP)) {
        entry.put("by", faultStep.toMillis() + "ms");
      }
      return List.of(ConfigFactory.parseMap(entry));
    }
  }

  /**
   * Parts that the run did not start; with any of them, a plan strikes those alone.
   *
   * @param toxiproxyUrl address of a running Toxiproxy's API
   * @param proxies of it, which are links
   * @param containers which the docker program strikes
   */
  public record Outside(
      @Option(name = "toxiproxy.url", like = "http://127.0.0.1:8474") Optional<URI> toxiproxyUrl,
      @Option(name = "toxiproxy.proxies") List<String> proxies,
      @Option(name = "docker.containers") List<String> containers) {
    boolean isAny() {
      return !proxies.isEmpty() || !containers.isEmpty();
    }

    private FaultPlan.Parts parts() {
      return new FaultPlan.Parts(Set.copyOf(containers), Set.copyOf(proxies));
    }

    /** Reaches the parts, or throws a StackFailure. */
    Map<String, Part> reach() {
      Map<String, Part> parts = new HashMap<>();
      proxies.forEach(name -> parts.put(name, OutsidePart.proxy(toxiproxyUrl.orElseThrow(), name)));
      containers.forEach(name -> parts.put(name, OutsidePart.container(name)));
      return parts;
    }
  }

  /**
   * The bounds.
   *
   * @param refuseWithin of an answer or a refusal while a part is away
   * @param recoverWithin from the end of a repair until the service is there
   * @param backWithin from the end of a repair until all clients are back
   * @param drainWithin from the end of a repair until what is behind the service has caught up
   * @param latencySlack of answers that need no part that is away
   */
  public record Bounds(
      @Option(in = "10ms..1h") Duration refuseWithin,
      @Option(in = "1s..1h") Duration recoverWithin,
      @Option(in = "1s..1h") Duration backWithin,
      @Option(in = "1s..1h") Duration drainWithin,
      @Option(in = "0..1h") Duration latencySlack) {}

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static ResilienceSettings read(SuiteConfig config) {
    SystemName system = config.reader().finish(Choice.class).system();
    SuiteConfig section = config.section(system.section());
    SettingsReader from = section.reader();
    Faults faults = from.read(Faults.class);
    Seat.Waits waits = from.read(Seat.Waits.class);
    Outside outside = faults.outside;
    if (outside.toxiproxyUrl.isPresent() == outside.proxies.isEmpty()) {
      from.error("toxiproxy.url", "belongs together with -Dtoxiproxy.proxies; give both");
    }
    FaultPlan.Parts parts = outside.isAny() ? outside.parts() : system.parts(from);
    plan(from, faults, parts, 0);
    SystemName.Own own = system.read(section);
    FaultPlan plan = plan(from, faults, parts, own.settings().common().seed());
    Duration after = AFTER.plus(waits.most());
    if (plan.end().plus(after).compareTo(own.arrivals().hold()) > 0) {
      from.error(
          system.lengthOption(),
          "the last fault is healed %s s after all users are there; have at least %s s more"
              .formatted(seconds(plan.end()), seconds(after)));
    }
    ResilienceSettings made = new ResilienceSettings(system, own, faults, waits, plan);
    made.struck(ClockStep.class::isInstance).stream()
        .filter(whom -> outside.isAny() || SERVERS.contains(whom) || isPeer(from, whom))
        .forEach(whom -> from.error("plan", NO_CLOCK + whom));
    made.struck(ProcessFault.FULL_DISK::equals).stream()
        .filter(whom -> outside.isAny() || !STORES.contains(whom))
        .forEach(whom -> from.error("plan", NO_DISK + whom));
    from.finish();
    return made;
  }

  private static boolean isPeer(SettingsReader from, String process) {
    return from.optionalText(process + ".peer").isPresent();
  }

  private static String seconds(Duration time) {
    return Numbers.plain(time.toMillis() / 1e3);
  }

  private static FaultPlan plan(
      SettingsReader from, Faults faults, FaultPlan.Parts parts, long seed) {
    try {
      return FaultPlan.read(faults.entries(parts), parts, seed);
    } catch (FaultPlan.Unusable e) {
      e.errors().forEach(error -> from.error("plan", error));
    } catch (ConfigException e) {
      from.error("plan", "cannot be read: " + e.getMessage());
    }
    return new FaultPlan(List.of());
  }

  /** Returns the parts of some faults. */
  Set<String> struck(Predicate<Fault> what) {
    return plan.strikes().stream()
        .filter(each -> what.test(each.what()))
        .map(Strike::whom)
        .collect(toSet());
  }

  FaultedSystem start(Run run) {
    return own.start().apply(run, this);
  }

  Arrivals.Plan arrivals() {
    return own.arrivals();
  }

  /** Returns whether the plan strikes one of some parts so that its requests may fail. */
  boolean strikesAny(Set<String> parts) {
    return struck(Fault::excuses).stream().anyMatch(parts::contains);
  }

  /** Returns whether the plan strikes a part that is none of the system by its name. */
  boolean strikesOthers() {
    return !plan.parts().stream().allMatch(system::knows);
  }

  @Override
  public CommonSettings common() {
    return own.settings().common();
  }

  @Override
  public Set<String> links() {
    boolean inside = !faults.outside.isAny();
    return plan.parts().stream()
        .filter(whom -> inside && system.links().contains(whom))
        .collect(toSet());
  }

  @Override
  public Optional<Seat.Waits> reconnecting() {
    return Optional.of(waits);
  }

  @Override
  public Duration longest() {
    return own.settings().longest();
  }

  @Override
  public String sentence() {
    String all =
        plan.after(arrivals().rampup()).strikes().stream()
            .map(each -> each.name() + " at " + seconds(each.at()) + " s")
            .collect(Collectors.joining(", "));
    return own.settings().sentence() + " Faults: " + all + ".";
  }
}
