package simulations.mixed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import simulations.auction.Bidding;
import simulations.auction.History;

/** The users of one phase and the items that they share. Thread-safe. */
final class MixedPhase {
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  private final MixedSettings settings;
  private final Books books;
  private final List<MixedItem> items;
  private final Zipf popularity;
  private final Role[] roles;
  private final List<Watcher> watchers = new ArrayList<>();
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger biddersLeft = new AtomicInteger();
  private volatile boolean closing;

  /** What a user does. */
  enum Role {
    /** Bids on an item. */
    BIDDER,
    /** Sees every accepted bid of an item. */
    VIEWER,
    /** Looks at items. */
    BROWSER
  }

  /**
   * Where what users see goes.
   *
   * @param phase of the run
   * @param recorders take latencies
   * @param tally takes counts of the phase
   * @param nanoClock monotonic nanoseconds
   * @param steady whether the load is steady at a moment
   * @param givesUp whether something went wrong around the load
   */
  record Books(
      Phase phase,
      Recorders recorders,
      Tally tally,
      LongSupplier nanoClock,
      LongPredicate steady,
      BooleanSupplier givesUp) {}

  /**
   * A user.
   *
   * @param role what it does
   * @param number from 1
   * @param item that it is drawn to
   * @param random its own chance
   */
  record User(Role role, int number, MixedItem item, SplittableRandom random) {}

  /**
   * @param names of the items, the most popular first
   */
  MixedPhase(MixedSettings settings, Books books, List<String> names) {
    this.settings = settings;
    this.books = books;
    MixedSettings.Plan plan = settings.plan();
    this.popularity = new Zipf(plan.items(), plan.skew());
    this.items = names.stream().map(this::item).toList();
    this.roles = roles(plan, new SplittableRandom(settings.mix().seed()));
  }

  /** Everybody's role, in the order in which they come: mixed, the same for a seed. */
  private static Role[] roles(MixedSettings.Plan plan, SplittableRandom random) {
    Role[] roles = new Role[plan.users()];
    for (int i = 0; i < roles.length; i++) {
      Role other = i < plan.bidders() + plan.viewers() ? Role.VIEWER : Role.BROWSER;
      roles[i] = i < plan.bidders() ? Role.BIDDER : other;
    }
    for (int i = roles.length - 1; i > 0; i--) {
      int with = random.nextInt(i + 1);
      Role role = roles[i];
      roles[i] = roles[with];
      roles[with] = role;
    }
    return roles;
  }

  private MixedItem item(String name) {
    return new MixedItem(
        new Bidding(
            name,
            settings.mix(),
            new Bidding.Books(
                books.phase(),
                books.recorders(),
                books.tally(),
                new History(),
                books.nanoClock(),
                books.steady()),
            name));
  }

  /** The next user; the tally takes its begin. */
  User next() {
    int index = users.getAndIncrement();
    books.tally().start(books.nanoClock().getAsLong());
    SplittableRandom random = new SplittableRandom(settings.mix().seed() + STRIDE * (index + 1));
    return new User(roles[index % roles.length], index + 1, draw(random), random);
  }

  /** An item by its popularity. */
  MixedItem draw(SplittableRandom random) {
    return items.get(popularity.draw(random));
  }

  Browser browser(User user) {
    return new Browser(
        new Browser.Books(books.phase(), books.recorders(), books.tally(), books.nanoClock()),
        user.random());
  }

  Watcher watcher(User user, long intendedNs) {
    Watcher watcher =
        new Watcher(
            new Watcher.Shared(
                books.phase(),
                books.recorders(),
                books.tally(),
                books.nanoClock(),
                this::isClosing,
                books.givesUp()),
            user.item(),
            user.number(),
            intendedNs);
    synchronized (watchers) {
      watchers.add(watcher);
    }
    return watcher;
  }

  /** A bidder has left; true for the last one. */
  boolean bidderLeft() {
    return biddersLeft.incrementAndGet() == settings.plan().bidders();
  }

  /** Every bid has been made. */
  void close() {
    closing = true;
  }

  List<MixedItem> items() {
    return items;
  }

  List<Watcher> watchers() {
    synchronized (watchers) {
      return List.copyOf(watchers);
    }
  }

  Books books() {
    return books;
  }

  /** A time around a mean, from a third to five thirds of it. */
  static Duration around(Duration mean, SplittableRandom random) {
    long meanNs = mean.toNanos();
    return Duration.ofNanos(meanNs / 3 + (long) (random.nextDouble() * 4 / 3 * meanNs));
  }

  private boolean isClosing() {
    return closing;
  }
}
