package simulations.run;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import settings.Option;

/**
 * One user of a load that faults strike, over all its connections: when one is lost, the next is
 * requested after a random wait that may be twice as long with each attempt (full jitter).
 * Thread-safe.
 */
public final class Seat {
  /** The moment of what never happened. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final String KEY = "seat";

  private final Waits waits;
  private final SplittableRandom random;
  private final LongSupplier nanoClock;
  private final List<Connection> connections = new ArrayList<>();
  private Connection open = new Connection(NEVER, NEVER, NEVER, false);
  private int lost;

  /**
   * The waits before further connections.
   *
   * @param first longest wait before the first attempt; each further one may wait twice as long
   * @param most longest wait
   */
  public record Waits(
      @Option(name = "reconnect-first", in = "0..1h") Duration first,
      @Option(name = "reconnect-most", in = "0..1h") Duration most) {}

  /**
   * A connection, in monotonic nanoseconds; {@link #NEVER} for what did not happen.
   *
   * @param lost whether it was refused, or ended otherwise than by its user
   */
  public record Connection(long requestedNs, long connectedNs, long endedNs, boolean lost) {
    public boolean isConnected() {
      return connectedNs != NEVER;
    }
  }

  /** The seats of all users of the measured phase. Thread-safe. */
  public static final class Row {
    private final Waits waits;
    private final SplittableRandom seeds;
    private final LongSupplier nanoClock;
    private final List<Seat> seats = Collections.synchronizedList(new ArrayList<>());

    Row(Waits waits, long seed, LongSupplier nanoClock) {
      this.waits = waits;
      this.seeds = new SplittableRandom(seed);
      this.nanoClock = nanoClock;
    }

    synchronized Session seat(Session session) {
      Seat seat = new Seat(waits, seeds.split(), nanoClock);
      seats.add(seat);
      return session.set(KEY, seat);
    }

    /** Returns the connections of each user that requested any, in their order. */
    public List<List<Connection>> connections() {
      return List.copyOf(seats).stream()
          .map(Seat::connections)
          .filter(each -> !each.isEmpty())
          .toList();
    }
  }

  Seat(Waits waits, SplittableRandom random, LongSupplier nanoClock) {
    this.waits = waits;
    this.random = random;
    this.nanoClock = nanoClock;
  }

  /** Returns the user's seat; empty if it does not connect again. */
  public static Optional<Seat> of(Session session) {
    return Optional.ofNullable(session.get(KEY));
  }

  /** Returns the time until the next connection is requested; 0 unless one was lost. */
  public synchronized Duration waits() {
    return lost == 0 ? Duration.ZERO : waits(lost);
  }

  /** Returns the time until a failed attempt is repeated, the first one by 1. */
  public synchronized Duration waits(int attempt) {
    double bound = waits.first.toNanos() * Math.pow(2, attempt - 1);
    double mostNs = Math.min(bound, (double) waits.most.toNanos());
    return Duration.ofNanos((long) (random.nextDouble() * mostNs));
  }

  /** Notes that a connection is requested now. */
  synchronized void requested() {
    open = new Connection(nanoClock.getAsLong(), NEVER, NEVER, false);
  }

  /** Notes that the connection is made now. */
  synchronized void connected() {
    open = new Connection(open.requestedNs, nanoClock.getAsLong(), NEVER, false);
  }

  /** Notes that the connection has ended now, if there is one. */
  synchronized void ended(boolean wasLost) {
    if (open.requestedNs != NEVER) {
      add(new Connection(open.requestedNs, open.connectedNs, nanoClock.getAsLong(), wasLost));
      open = new Connection(NEVER, NEVER, NEVER, false);
    }
  }

  /** Adds a connection that has ended; one that had been made begins the waits anew. */
  public synchronized void add(Connection ended) {
    connections.add(ended);
    lost = !ended.lost ? 0 : ended.isConnected() ? 1 : lost + 1;
  }

  /** Returns true if the user's last connection was lost. */
  public synchronized boolean isCutOff() {
    return lost > 0;
  }

  private synchronized List<Connection> connections() {
    return List.copyOf(connections);
  }
}
