package simulations.mixed;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Kpi;
import kpi.Phase;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionLoad;
import simulations.auction.AuctionRecorder;
import simulations.auction.ItemApi;
import simulations.auction.PriceReader;

/** The users of one phase by their roles, and the items to which they are drawn. Thread-safe. */
public final class Population {
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  private final AuctionLoad load;
  private final Phase phase;
  private final MixedSettings settings;
  private final Zipf popularity;
  private final Role[] roles;
  private final List<AuctionRecorder> viewers = new ArrayList<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger biddersLeft = new AtomicInteger();

  /** The role of a user. */
  enum Role {
    /** Bids on an item. */
    BIDDER,
    /** Receives every accepted bid of an item. */
    VIEWER,
    /** Reads the prices of items. */
    BROWSER
  }

  /**
   * A user.
   *
   * @param role of the user
   * @param item to which it is drawn
   * @param random its own random numbers
   * @param reader takes the prices that a browser reads
   */
  record User(Role role, AuctionItem item, SplittableRandom random, PriceReader reader) {}

  /**
   * @param load whose items the users share
   * @param phase of the run
   */
  public Population(AuctionLoad load, Phase phase, MixedSettings settings) {
    this.load = load;
    this.phase = phase;
    this.settings = settings;
    this.popularity = new Zipf(settings.load().items(), settings.load().skew());
    this.roles = roles(settings, new SplittableRandom(settings.common().seed()));
    load.items(phase).forEach(AuctionItem::keepDueTimes);
  }

  /** The roles in the order in which users arrive: mixed, the same for a seed. */
  private static Role[] roles(MixedSettings settings, SplittableRandom random) {
    Role[] roles = new Role[settings.users().count()];
    for (int i = 0; i < roles.length; i++) {
      Role other =
          i < settings.load().bidders() + settings.load().viewers() ? Role.VIEWER : Role.BROWSER;
      roles[i] = i < settings.load().bidders() ? Role.BIDDER : other;
    }
    for (int i = roles.length - 1; i > 0; i--) {
      int with = random.nextInt(i + 1);
      Role role = roles[i];
      roles[i] = roles[with];
      roles[with] = role;
    }
    return roles;
  }

  /** Returns the next user. */
  User next() {
    int index = arrived.getAndIncrement();
    SplittableRandom random = new SplittableRandom(settings.common().seed() + STRIDE * (index + 1));
    return new User(
        roles[index % roles.length],
        draw(random),
        random,
        new PriceReader(load.recording(phase), Kpi.BROWSE, "looks"));
  }

  /** Returns an item by its popularity. */
  AuctionItem draw(SplittableRandom random) {
    return load.items(phase).get(popularity.draw(random));
  }

  /**
   * Adds a viewer that is about to connect.
   *
   * @param intendedNs when it was planned to
   */
  AuctionRecorder view(User user, long intendedNs) {
    AuctionRecorder viewer =
        new AuctionRecorder(
            load.recording(phase), user.item(), () -> !load.run().goesOn(), intendedNs);
    synchronized (viewers) {
      viewers.add(viewer);
    }
    return viewer;
  }

  /** Returns the viewers of an item. */
  List<AuctionRecorder> viewers(AuctionItem item) {
    synchronized (viewers) {
      return viewers.stream().filter(viewer -> viewer.item() == item).toList();
    }
  }

  /** Notes that a bidder has left; the last one's items are closed, which ends their viewers. */
  void bidderLeft() {
    if (biddersLeft.incrementAndGet() < settings.load().bidders()) {
      return;
    }
    List<AuctionItem> items = load.items(phase);
    items.forEach(AuctionItem::done);
    ItemApi api = new ItemApi(load.targets().api());
    Thread thread = new Thread(() -> items.forEach(api::end), "closer");
    thread.setDaemon(true);
    thread.start();
  }
}
