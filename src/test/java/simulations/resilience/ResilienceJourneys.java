package simulations.resilience;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Outcome;
import kpi.Phase;
import kpi.Tally;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionJourneys;
import simulations.run.Recording;

/** Bidders and viewers of one phase, in turns. Thread-safe. */
public final class ResilienceJourneys {
  private static final String SEAT = "seat";
  private static final String VIEWS = "views";

  private final ResilienceLoad load;
  private final ResilienceSettings settings;
  private final Phase phase;
  private final AuctionJourneys journeys;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger biddersLeft = new AtomicInteger();

  public ResilienceJourneys(ResilienceLoad load, Phase phase) {
    this.load = load;
    this.settings = load.settings;
    this.phase = phase;
    this.journeys = new AuctionJourneys(load, phase);
    load.items(phase).forEach(AuctionItem::keepDueTimes);
  }

  /** Returns the journey of every user; the first one's arrival begins the plan. */
  public ChainBuilder users() {
    return journeys
        .arrive()
        .exec(session -> session.set(VIEWS, views(arrived.getAndIncrement())))
        .exec(doing(session -> load.begin(phase)))
        .doIf(session -> session.getBoolean(VIEWS))
        .then(view())
        .doIf(session -> !session.getBoolean(VIEWS))
        .then(
            journeys
                .asBidder(session -> item(), journeys.rounds(settings.think()))
                .exec(doing(session -> bidderLeft())));
  }

  /** Spreads the viewers evenly among the users. */
  private boolean views(int index) {
    int viewing = settings.load().viewing();
    return (long) index * viewing % settings.load().users() < viewing;
  }

  private AuctionItem item() {
    return load.items(phase).get(0);
  }

  private ChainBuilder view() {
    Recording recording = load.recording(phase);
    Tally tally = recording.tally();
    return exec(session -> session.set(SEAT, load.seat(phase)))
        .exec(doing(session -> tally.start(recording.nowNs())))
        .asLongAs(session -> !seat(session).hasLeft() && !item().isDone() && load.goesOn())
        .on(
            pause(session -> seat(session).waits())
                .exec(
                    AuctionJourneys.view(
                        load.run(),
                        load.connections(phase),
                        session -> item(),
                        settings.stay(),
                        (session, viewer) -> seat(session).ended(viewer))))
        .exec(
            doing(
                session ->
                    tally.end(
                        seat(session).hasLeft() ? Outcome.OK : Outcome.CLOSED_EARLY,
                        recording.nowNs())));
  }

  private static Seat seat(Session session) {
    return session.get(SEAT);
  }

  /** Notes that a bidder has left; the last one's item is closed, which ends its viewers. */
  private void bidderLeft() {
    if (biddersLeft.incrementAndGet() == settings.bidders()) {
      item().done();
      Thread thread = new Thread(() -> load.targets().items().end(item()), "closer");
      thread.setDaemon(true);
      thread.start();
    }
  }
}
