package simulations.events;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import kpi.Outcome;
import simulations.run.Console;
import simulations.run.SseStream;
import stack.StackFailure;

/**
 * The stop of the servers of one stage, by turns, each followed by a restart; and what its clients
 * and the system saw. Runs once, on a thread of its own; thread-safe.
 */
final class Stop implements Runnable, EventsJourneys.Recovery {
  /** Time between two signals to one server. */
  private static final long SECOND_SIGNAL_MS = 50;

  /** A server that is late is watched so much longer, to say by how much. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  final Kind kind;

  /** What was seen of each server so far. */
  final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** Whether every server was stopped, and started again. */
  volatile boolean done;

  private final ShutdownLoad.Plan plan;
  private final List<StoppableServer> servers;
  private final LongSupplier nanoClock;
  private final Map<End, LongAdder> ends = new EnumMap<>(End.class);
  private volatile boolean signalled;

  /** The ways to stop a server. */
  enum Kind {
    /** SIGTERM while all clients stream. */
    TERM,
    /** SIGTERM, and another one while the server stops. */
    TWICE,
    /** SIGTERM while clients arrive. */
    RAMP,
    /** Two servers behind a proxy are restarted by turns; clients resume their streams. */
    ROLLING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a connection ended once a server had been signalled. */
  enum End {
    /** The body of the response ended in order, after the announcement if there is one. */
    PROPER("ended properly"),
    UNANNOUNCED("ended in order, but without the event shutdown"),
    CUT("were cut in the middle"),
    HUNG("were still open when their time was up"),
    /** The request came while the server stopped. */
    REFUSED("were refused");

    final String words;

    End(String words) {
      this.words = words;
    }
  }

  /**
   * What was seen of one server.
   *
   * @param goneMs from the first signal to the end of the process; below 0 if it did not end
   * @param restarted whether it could be started again; true for a server of the user's own
   */
  record Seen(double goneMs, boolean portFree, boolean restarted) {}

  Stop(Kind kind, ShutdownLoad.Plan plan, List<StoppableServer> servers, LongSupplier nanoClock) {
    this.kind = kind;
    this.plan = plan;
    this.servers = servers;
    this.nanoClock = nanoClock;
    for (End end : End.values()) {
      ends.put(end, new LongAdder());
    }
  }

  /** A client that comes after the signal would stream from the next server. */
  @Override
  public boolean begins() {
    return !signalled || kind == Kind.ROLLING;
  }

  @Override
  public void ended(Session session) {
    if (signalled && !EventsJourneys.recorder(session).enough) {
      ends.get(end(session)).increment();
    }
  }

  private static End end(Session session) {
    Outcome failure = SseStream.failure(session);
    if (!SseStream.isConnected(session)) {
      return End.REFUSED;
    }
    return failure == null
        ? End.PROPER
        : switch (failure) {
          case CLOSED_EARLY -> End.UNANNOUNCED;
          case TIMEOUT -> End.HUNG;
          default -> End.CUT;
        };
  }

  /** Clients resume their streams until the last server was restarted. */
  @Override
  public boolean connectsAgain(Session session) {
    return kind == Kind.ROLLING && !EventsJourneys.recorder(session).enough;
  }

  @Override
  public Duration after() {
    return plan.reconnect();
  }

  @Override
  public boolean mayRefuse(Session session) {
    return !begins() && !SseStream.isConnected(session);
  }

  long count(End end) {
    return ends.get(end).sum();
  }

  /** Returns the longest stop of the servers that ended. */
  static OptionalDouble slowestMs(List<Seen> servers) {
    return servers.stream().mapToDouble(Seen::goneMs).filter(ms -> ms >= 0).max();
  }

  /** Begins with the arrival of the first client. */
  @Override
  public void run() {
    Duration first =
        kind == Kind.RAMP ? plan.rampup().dividedBy(2) : plan.rampup().plus(plan.hold());
    try {
      TimeUnit.MILLISECONDS.sleep(first.toMillis());
      for (StoppableServer server : servers) {
        seen.add(stop(server));
        TimeUnit.MILLISECONDS.sleep(servers.size() > 1 ? plan.hold().toMillis() : 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The run ends.
    } finally {
      done = true;
    }
  }

  private Seen stop(StoppableServer server) throws InterruptedException {
    signalled = true;
    long startNs = nanoClock.getAsLong();
    Duration bound = plan.stopWithin().plus(PATIENCE);
    server.terminate(bound);
    if (kind == Kind.TWICE) {
      TimeUnit.MILLISECONDS.sleep(SECOND_SIGNAL_MS);
      server.terminate(bound);
    }
    boolean gone = server.isGone(bound);
    double goneMs = gone ? (nanoClock.getAsLong() - startNs) / 1e6 : -1;
    boolean free = gone && server.isPortFree();
    try {
      server.restart();
      return new Seen(goneMs, free, true);
    } catch (StackFailure e) {
      Console.error(e.getMessage());
      return new Seen(goneMs, free, false);
    }
  }
}
