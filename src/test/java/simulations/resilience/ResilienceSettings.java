package simulations.resilience;

import static java.util.stream.Collectors.toSet;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import faults.FaultPlan;
import faults.FaultPlan.Strike;
import faults.UnusablePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.Mix;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;

/** The settings of the resilience run. */
public record ResilienceSettings(
    CommonSettings common,
    AuctionSettings auction,
    Load load,
    Reconnecting reconnecting,
    Mix mix,
    FaultPlan plan)
    implements AuctionSettings.OfUsers {
  /** The processes that a plan may name, in the order in which a request passes them. */
  public static final Set<String> PROCESSES =
      new TreeSet<>(Set.of("bids", "redis", "nats", "broadcast", "archive", "postgres"));

  /** The links that a plan may name: from one process, or the users, to another. */
  public static final Set<String> LINKS =
      new TreeSet<>(
          Set.of(
              "users-bids",
              "users-broadcast",
              "bids-redis",
              "bids-nats",
              "broadcast-nats",
              "archive-nats",
              "archive-postgres"));

  /** The faults of named plans, unless an option names others. */
  private static final Map<String, String> USUAL =
      Map.of("postgres", "stop", "nats", "stop", "all", "kill, stop, pause");

  /** The last strike is healed this long before the load ends, so that there is an after. */
  private static final Duration AFTER = Duration.ofSeconds(5);

  /**
   * The load, and the faults.
   *
   * @param users bidders and viewers
   * @param viewers per cent of users that view
   * @param think mean time from an answer to a bidder's next bid
   * @param plan a process, {@code all}, or the file of a plan
   * @param fault of a named plan; empty for its usual one
   * @param faultAt first strike, from the moment when all users are there
   * @param faultFor length of each
   * @param faultGap from the end of one to the next
   * @param refuseWithin bound of an answer or a refusal while a part is away
   * @param recoverWithin bound from the end of a repair until the service is there
   */
  public record Load(
      @Option(in = "2..50000") int users,
      @Option(in = "1..99") int viewers,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..1d") Duration runTime,
      @Option(in = "0..1h") Duration think,
      @Option String plan,
      @Option Optional<String> fault,
      @Option(in = "0..1h") Duration faultAt,
      @Option(in = "0..1h") Duration faultFor,
      @Option(in = "0..1h") Duration faultGap,
      @Option(in = "10ms..1h") Duration refuseWithin,
      @Option(in = "1s..1h") Duration recoverWithin,
      @Option(in = "1s..1h") Duration backWithin,
      @Option(in = "0..1h") Duration latencySlack) {
    int viewing() {
      return Math.max(1, users * viewers / 100);
    }
  }

  /**
   * How viewers connect again.
   *
   * @param first longest wait before the first attempt; each further one may wait twice as long
   * @param most longest wait
   */
  public record Reconnecting(
      @Option(name = "reconnect-first", in = "50ms..1h") Duration first,
      @Option(name = "reconnect-most", in = "50ms..1h") Duration most) {}

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static ResilienceSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Load load = from.read(Load.class);
    Map<String, Double> words = Map.of("slack", load.latencySlack().toNanos() / 1e6);
    CommonSettings common =
        CommonSettings.read(config, "ResilienceSimulation", words, AuctionSettings.REQUEST);
    AuctionSettings auction = AuctionSettings.read(from, "api-url");
    Reconnecting again = from.read(Reconnecting.class);
    FaultPlan plan = plan(from, load, common.seed());
    ResilienceSettings settings =
        new ResilienceSettings(common, auction, load, again, from.read(Mix.class), plan);
    settings.users().check(from, "-Drampup");
    if (from.isRight() && plan.end().plus(AFTER).compareTo(settings.users().hold()) > 0) {
      from.error(
          "run-time",
          String.format(
              Locale.ROOT,
              "the last fault is healed %d s after all users are there; have at least %d s more",
              plan.end().toSeconds(),
              AFTER.toSeconds()));
    }
    from.finish();
    return settings;
  }

  private static FaultPlan plan(SettingsReader from, Load load, long seed) {
    try {
      return FaultPlan.read(entries(load), new FaultPlan.Parts(PROCESSES, LINKS), seed);
    } catch (UnusablePlan e) {
      e.errors().forEach(error -> from.error("plan", error));
    } catch (ConfigException e) {
      from.error("plan", "cannot be read: " + e.getMessage());
    }
    return new FaultPlan(List.of());
  }

  private static List<? extends Config> entries(Load load) {
    boolean all = load.plan.equals("all");
    if (!all && !PROCESSES.contains(load.plan)) {
      if (!Files.isRegularFile(Path.of(load.plan))) {
        String known = String.join(", ", PROCESSES);
        throw new ConfigException.Generic(
            "'%s' is no plan and no file; choose of all, %s, or name a file"
                .formatted(load.plan, known));
      }
      return ConfigFactory.parseFile(Path.of(load.plan).toFile()).resolve().getConfigList("faults");
    }
    String faults = load.fault.orElse(USUAL.getOrDefault(load.plan, "kill"));
    return List.of(
        ConfigFactory.parseMap(
            Map.of(
                "at",
                load.faultAt.toMillis() + "ms",
                "for",
                load.faultFor.toMillis() + "ms",
                "gap",
                load.faultGap.toMillis() + "ms",
                "order",
                "random",
                "whom",
                all ? List.copyOf(PROCESSES) : load.plan,
                "what",
                List.of(faults.split(" *, *")))));
  }

  @Override
  public Set<String> links() {
    return plan.strikes().stream().map(Strike::whom).filter(LINKS::contains).collect(toSet());
  }

  int bidders() {
    return load.users - load.viewing();
  }

  /** Returns whether the plan strikes a process. */
  boolean strikes(String... processes) {
    return plan.strikes().stream().anyMatch(each -> List.of(processes).contains(each.whom()));
  }

  @Override
  public Duration think() {
    return load.think();
  }

  @Override
  public Users users() {
    return new Users(load.users, load.rampup, load.runTime);
  }

  @Override
  public List<String> itemNames(String runName) {
    return List.of(runName);
  }

  /** Returns how long a viewer stays at most. */
  Duration stay() {
    AuctionSettings.Service service = auction.service();
    return load.rampup.plus(load.runTime).plus(service.timeout()).plus(service.drainWithin());
  }

  @Override
  public String sentence() {
    String faults =
        plan.strikes().stream()
            .map(
                each ->
                    String.format(
                        Locale.ROOT,
                        "%s at %.0f s",
                        each.name(),
                        load.rampup.plus(each.at()).toMillis() / 1e3))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%,d bidders and %,d viewers of one item come over %d s and stay until %d s have passed;"
            + " faults: %s; a warm-up of %d s is cut.",
        bidders(),
        load.viewing(),
        load.rampup.toSeconds(),
        load.runTime.toSeconds(),
        faults,
        common.warmup().toSeconds());
  }
}
