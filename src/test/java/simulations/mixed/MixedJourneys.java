package simulations.mixed;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Kpi;
import kpi.Phase;
import org.apache.commons.statistics.distribution.ZipfDistribution;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionJourneys;
import simulations.auction.AuctionLoad;
import simulations.auction.Bidder;
import simulations.auction.PriceReader;

/**
 * The users of one phase of the mixed workload, each by its role, and the items to which they are
 * drawn. Thread-safe.
 */
public final class MixedJourneys {
  private static final String USER = "user";

  private final AuctionLoad load;
  private final Phase phase;
  private final MixedSettings settings;
  private final AuctionJourneys journeys;
  private final ZipfDistribution popularity;
  private final List<Role> roles = new ArrayList<>();
  private final AtomicInteger arrived = new AtomicInteger();

  private enum Role {
    BIDDER,
    VIEWER,
    BROWSER
  }

  /** A user, the item to which it is drawn, and the reader of a browser. */
  private record User(Role role, AuctionItem item, SplittableRandom random, PriceReader reader) {}

  /** Mixes the roles, in the same way for a seed; the warm-up has items of its own. */
  public MixedJourneys(MixedSettings settings, AuctionLoad load, Phase phase) {
    this.settings = settings;
    this.load = load;
    this.phase = phase;
    this.journeys = new AuctionJourneys(load, phase);
    MixedSettings.Load counts = settings.load();
    this.popularity = ZipfDistribution.of(counts.items(), counts.skew());
    roles.addAll(Collections.nCopies(counts.bidders(), Role.BIDDER));
    roles.addAll(Collections.nCopies(counts.viewers(), Role.VIEWER));
    roles.addAll(Collections.nCopies(counts.browsers(), Role.BROWSER));
    SplittableRandom random = Bidder.random(settings, 0);
    for (int last = roles.size() - 1; last > 0; last--) {
      Collections.swap(roles, last, random.nextInt(last + 1));
    }
    load.items(phase).forEach(AuctionItem::keepDueTimes);
  }

  /** Returns the journey of every user. */
  public ChainBuilder users() {
    Duration think = settings.load().think();
    return journeys
        .arrive()
        .exec(session -> session.set(USER, next()))
        .doIf(session -> user(session).role() == Role.BIDDER)
        .then(
            journeys.asBidder(
                session -> user(session).item(), journeys.rounds(think), settings.load().bidders()))
        .doIf(session -> user(session).role() == Role.BROWSER)
        .then(browses())
        .doIf(session -> user(session).role() == Role.VIEWER)
        .then(
            AuctionJourneys.view(
                load.run, phase, session -> user(session).item(), settings.stay(phase)));
  }

  private ChainBuilder browses() {
    return journeys.counted(
        journeys.again(
            journeys.look(
                "look", session -> draw(user(session).random()), session -> user(session).reader()),
            pause(session -> Bidder.around(settings.load().browse(), user(session).random()))),
        session -> user(session).reader());
  }

  private User next() {
    int index = arrived.getAndIncrement();
    SplittableRandom random = Bidder.random(settings, index + 1);
    return new User(
        roles.get(index % roles.size()),
        draw(random),
        random,
        new PriceReader(load.recording(phase), Kpi.BROWSE, "looks"));
  }

  private AuctionItem draw(SplittableRandom random) {
    return load.items(phase).get(popularity.createSampler(random::nextLong).sample() - 1);
  }

  private static User user(Session session) {
    return session.get(USER);
  }
}
