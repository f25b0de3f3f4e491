package simulations.resilience;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Tally;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionJourneys;
import simulations.auction.AuctionLoad;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.Mix;
import simulations.auction.AuctionSettings.Users;
import simulations.mixed.MixedAudit;
import simulations.run.CommonSettings;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Seat;
import simulations.run.Seat.Connection;
import simulations.run.SuiteConfig;

/**
 * The auction: bidders bid on one item and viewers follow it; every accepted bid is archived once,
 * and comes to every viewer once.
 */
final class AuctionSystem extends MixedAudit implements FaultedSystem {
  private static final String VIEWS = "views";

  private final ViewedLoad load;
  private final Settings settings;
  private final Backlog backlog;

  /** The settings of bidders and viewers. */
  record Settings(CommonSettings common, AuctionSettings auction, Plan load, Mix mix)
      implements AuctionSettings.OfUsers {
    /**
     * The load.
     *
     * @param users bidders and viewers
     * @param viewers per cent of users that view
     * @param think mean time from an answer to a bidder's next bid
     */
    record Plan(
        @Option(in = "2..50000") int users,
        @Option(in = "1..99") int viewers,
        @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
        @Option(in = "1s..1d") Duration runTime,
        @Option(in = "0..1h") Duration think) {
      int viewing() {
        return Math.max(1, users * viewers / 100);
      }
    }

    /** Reads the settings, or throws BadSettings with every wrong value. */
    static Settings read(SuiteConfig config) {
      SettingsReader from = config.reader();
      CommonSettings common = CommonSettings.read(config, AuctionSettings.REQUEST);
      AuctionSettings auction = AuctionSettings.read(from, "api-url");
      Settings settings =
          new Settings(common, auction, from.read(Plan.class), from.read(Mix.class));
      settings.users().check(from, "-Drampup");
      from.finish();
      return settings;
    }

    private int bidders() {
      return load.users - load.viewing();
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
    private Duration stay() {
      AuctionSettings.Service service = auction.service();
      return load.rampup.plus(load.runTime).plus(service.timeout()).plus(service.drainWithin());
    }
  }

  /** The load of the auction, with connections of viewers that are recorded apart. */
  private static final class ViewedLoad extends AuctionLoad {
    private final Tally connections = new Tally();

    private ViewedLoad(Settings settings, Run run) {
      super(settings, run);
    }

    private Recording connections(Phase phase) {
      Recording users = recording(phase);
      Tally own = phase == Phase.MEASURE ? connections : new Tally();
      return new Recording(phase, users.recorders(), own, users.nanoClock());
    }

    @Override
    public Map<String, Long> counters() {
      Map<String, Long> counters = new LinkedHashMap<>(connections.counters());
      counters
          .keySet()
          .removeIf(name -> !name.startsWith("viewers_") && !name.startsWith("broadcasts_"));
      return counters;
    }
  }

  AuctionSystem(Settings settings, Run run) {
    this(settings, new ViewedLoad(settings, run));
  }

  private AuctionSystem(Settings settings, ViewedLoad load) {
    super(load, settings.load().viewing(), true);
    this.load = load;
    this.settings = settings;
    this.backlog = new Backlog(load.targets, item(Phase.MEASURE), load.run.nanoClock());
  }

  @Override
  public AuctionLoad load() {
    return load;
  }

  @Override
  public Played play() {
    Users users = settings.users();
    return new Played(
        AuctionJourneys.protocol(load.targets.api()).wsBaseUrl(load.targets.socketBase()),
        scenario("users")
            .exec(users(Phase.MEASURE))
            .injectOpen(rampUsers(users.count()).during(users.rampup())),
        users(Phase.WARM_UP),
        users.count());
  }

  private ChainBuilder users(Phase phase) {
    AuctionJourneys journeys = new AuctionJourneys(load, phase);
    load.items(phase).forEach(AuctionItem::keepDueTimes);
    AtomicInteger arrived = new AtomicInteger();
    return journeys
        .arrive()
        .exec(session -> session.set(VIEWS, views(arrived.getAndIncrement())))
        .doIf(session -> session.getBoolean(VIEWS))
        .then(view(phase))
        .doIf(session -> !session.getBoolean(VIEWS))
        .then(
            journeys.asBidder(
                session -> item(phase), journeys.rounds(settings.think()), settings.bidders()));
  }

  /** Spreads the viewers evenly among the users. */
  private boolean views(int index) {
    int viewing = settings.load().viewing();
    return (long) index * viewing % settings.load().users() < viewing;
  }

  private AuctionItem item(Phase phase) {
    return load.items(phase).get(0);
  }

  private ChainBuilder view(Phase phase) {
    Recording recording = load.recording(phase);
    Tally tally = recording.tally();
    ChainBuilder connection =
        AuctionJourneys.view(
            load.run,
            load.connections(phase),
            session -> item(phase),
            settings.stay(),
            (session, viewer) -> Seat.of(session).ifPresent(seat -> seat.add(viewer.connection())));
    return exec(doing(session -> tally.start(recording.nowNs())))
        .exec(connection)
        .asLongAs(session -> isCutOff(session) && !item(phase).isDone() && load.run.goesOn())
        .on(pause(session -> Seat.of(session).orElseThrow().waits()).exec(connection))
        .exec(
            doing(
                session ->
                    tally.end(
                        isCutOff(session) ? Outcome.CLOSED_EARLY : Outcome.OK, recording.nowNs())));
  }

  private static boolean isCutOff(Session session) {
    return Seat.of(session).filter(Seat::isCutOff).isPresent();
  }

  @Override
  public Service service() {
    return new Service(
        "bids",
        Set.of(Kpi.BID_ACCEPTED, Kpi.BID_REJECTED, Kpi.BID_READ),
        Set.of(Kpi.BID_ACCEPTED, Kpi.BID_REJECTED),
        Set.of(Kpi.BID_ACCEPTED, Kpi.BID_REJECTED),
        Set.of(Kpi.BROADCAST_LAG),
        Set.of("bids", "redis", "users-bids", "bids-redis"),
        Set.of("bids", "users-bids"));
  }

  /** Requests of bidders; viewers that are cut off fail no request. */
  @Override
  public List<Failure> failures(List<List<Connection>> users) {
    return item(Phase.MEASURE).failures().stream()
        .map(each -> new Failure(each.callNs(), each.returnNs(), true))
        .toList();
  }

  @Override
  public Optional<Backlog> backlog() {
    return Optional.of(backlog).filter(any -> load.targets.isArchiveRead());
  }
}
