package simulations.mixed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private final List<Role> roles = new ArrayList<>();
  private final Queue<AuctionRecorder> viewers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger biddersLeft = new AtomicInteger();

  enum Role {
    BIDDER,
    VIEWER,
    BROWSER
  }

  /** A user, the item to which it is drawn, and the reader of a browser. */
  record User(Role role, AuctionItem item, SplittableRandom random, PriceReader reader) {}

  /** Mixes the roles, in the same way for a seed. */
  public Population(AuctionLoad load, Phase phase, MixedSettings settings) {
    this.load = load;
    this.phase = phase;
    this.settings = settings;
    MixedSettings.Load counts = settings.load();
    this.popularity = new Zipf(counts.items(), counts.skew());
    roles.addAll(Collections.nCopies(counts.bidders(), Role.BIDDER));
    roles.addAll(Collections.nCopies(counts.viewers(), Role.VIEWER));
    roles.addAll(Collections.nCopies(counts.browsers(), Role.BROWSER));
    SplittableRandom random = new SplittableRandom(settings.common().seed());
    for (int last = roles.size() - 1; last > 0; last--) {
      Collections.swap(roles, last, random.nextInt(last + 1));
    }
    load.items(phase).forEach(AuctionItem::keepDueTimes);
  }

  User next() {
    int index = arrived.getAndIncrement();
    SplittableRandom random = new SplittableRandom(settings.common().seed() + STRIDE * (index + 1));
    return new User(
        roles.get(index % roles.size()),
        draw(random),
        random,
        new PriceReader(load.recording(phase), Kpi.BROWSE, "looks"));
  }

  AuctionItem draw(SplittableRandom random) {
    return load.items(phase).get(popularity.draw(random));
  }

  /** Adds a viewer that is about to connect, as was planned for a time. */
  AuctionRecorder view(User user, long intendedNs) {
    AuctionRecorder viewer =
        new AuctionRecorder(
            load.recording(phase), user.item(), () -> !load.run().goesOn(), intendedNs);
    viewers.add(viewer);
    return viewer;
  }

  List<AuctionRecorder> viewers(AuctionItem item) {
    return viewers.stream().filter(viewer -> viewer.item == item).toList();
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
