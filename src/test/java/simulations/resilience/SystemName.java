package simulations.resilience;

import faults.FaultPlan;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import settings.SettingsReader;
import simulations.events.EventsSettings;
import simulations.events.ResumeLoad;
import simulations.relay.RelaySettings;
import simulations.run.Arrivals;
import simulations.run.Run;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;
import simulations.sse.SseSettings;
import simulations.ticker.TickerSettings;

/**
 * A system by its name: the parts that a plan may strike, in the order in which a request passes
 * them, and how its settings are read and its load is made.
 */
enum SystemName {
  AUCTION(
      "run-time",
      Set.of("bids", "redis", "nats", "broadcast", "archive", "postgres"),
      Set.of(
          "users-bids",
          "users-broadcast",
          "bids-redis",
          "bids-nats",
          "broadcast-nats",
          "archive-nats",
          "archive-postgres")),
  RELAY(
      "duration",
      Set.of("redis", "bridge", "nats", "adapter"),
      Set.of("bridge-redis", "bridge-nats", "adapter-nats", "users-adapter")),
  TICKER(
      "duration",
      Set.of("publisher", "nats", "ticker"),
      Set.of("publisher-nats", "ticker-nats", "users-ticker")),
  SSE("hold", Set.of("llm", "proxy"), Set.of("users-proxy", "proxy-llm")),
  EVENTS("hold", Set.of("events"), Set.of("users-events"));

  /** Further processes that a system has by an option. */
  private static final Map<String, Set<String>> BY_OPTION =
      Map.of("nats.leaf", Set.of("nats-leaf"), "nats.cluster", Set.of("nats-2", "nats-3"));

  /** The parts between the ticker and its publisher. */
  private static final Set<String> TO_NATS = Set.of("nats", "ticker-nats", "publisher-nats");

  private final String lengthOption;

  @SuppressWarnings("ImmutableEnumChecker") // Made by Set.of.
  private final Set<String> processes;

  @SuppressWarnings("ImmutableEnumChecker") // Likewise.
  private final Set<String> links;

  /**
   * The settings of a system's own simulation.
   *
   * @param arrivals of its users, and how long all of them are there
   */
  record Own(
      SimulationSettings settings,
      Arrivals.Plan arrivals,
      BiFunction<Run, ResilienceSettings, FaultedSystem> start) {}

  SystemName(String lengthOption, Set<String> processes, Set<String> links) {
    this.lengthOption = lengthOption;
    this.processes = processes;
    this.links = links;
  }

  String section() {
    return "resilience" + (this == AUCTION ? "" : "-" + name().toLowerCase(Locale.ROOT));
  }

  /** Returns the option of the length of the load. */
  String lengthOption() {
    return lengthOption;
  }

  Set<String> links() {
    return links;
  }

  /** Returns whether a part of that name is one of the system. */
  boolean knows(String part) {
    return processes.contains(part)
        || links.contains(part)
        || BY_OPTION.values().stream().anyMatch(names -> names.contains(part));
  }

  /** Returns what a plan may name. */
  FaultPlan.Parts parts(SettingsReader from) {
    Set<String> all = new TreeSet<>(processes);
    BY_OPTION.forEach(
        (option, names) ->
            from.optionalText(option).filter("true"::equals).ifPresent(any -> all.addAll(names)));
    return new FaultPlan.Parts(all, new TreeSet<>(links));
  }

  /** Reads the settings, or throws BadSettings with every wrong value. */
  Own read(SuiteConfig config) {
    return switch (this) {
      case AUCTION -> {
        AuctionSystem.Settings own = AuctionSystem.Settings.read(config);
        var users = own.users();
        yield new Own(
            own,
            new Arrivals.Plan(users.count(), users.rampup(), users.hold()),
            (run, all) -> new AuctionSystem(own, run));
      }
      case RELAY -> {
        RelaySettings own = RelaySettings.read(config);
        RelaySettings.Plan plan = own.plan();
        yield new Own(
            own,
            new Arrivals.Plan(plan.conversations(), plan.rampup(), plan.hold()),
            (run, all) -> RelaySystem.start(own, run));
      }
      case TICKER -> {
        TickerSettings own = TickerSettings.read(config);
        TickerSettings.Users users = own.stages().get(0).users();
        yield new Own(
            own,
            new Arrivals.Plan(users.connections(), users.rampup(), users.duration()),
            (run, all) -> TickerSystem.start(own, run, all.strikesAny(TO_NATS)));
      }
      case SSE -> {
        SseSettings own = SseSettings.read(config);
        SseSettings.Users users = own.users();
        yield new Own(
            own,
            new Arrivals.Plan(users.clients(), users.rampup(), users.hold()),
            (run, all) -> SseSystem.start(own, run));
      }
      case EVENTS -> {
        EventsSettings<ResumeLoad.Plan> own =
            EventsSettings.of(ResumeLoad.Plan.class).apply(config);
        yield new Own(own, own.plan().arrivals(), (run, all) -> EventsSystem.start(own, run));
      }
    };
  }
}
