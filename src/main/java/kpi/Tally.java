package kpi;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one phase. Safe for any number of threads. */
public final class Tally {
  /** The counter of streams, conversations or sockets that met every SLO. */
  public static final String GOOD = "streams_good";

  private final LongAdder started = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger openMax = new AtomicInteger();

  /** Ends less starts: with open × now added, the time that all actions spent. */
  private final LongAdder timeInSystemNs = new LongAdder();

  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final Map<String, LongAdder> named = new ConcurrentHashMap<>();

  public Tally() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  /**
   * Counts the start of a user's action.
   *
   * @param nowNs on the clock that {@link #end} and {@link #timeInSystemNs} are given too
   */
  public void start(long nowNs) {
    started.increment();
    timeInSystemNs.add(-nowNs);
    int now = open.incrementAndGet();
    openMax.accumulateAndGet(now, Math::max);
  }

  public void end(Outcome outcome, long nowNs) {
    open.decrementAndGet();
    outcomes.get(outcome).increment();
    timeInSystemNs.add(nowNs);
  }

  public void event() {
    events.increment();
  }

  public void add(String counter, long amount) {
    if (amount != 0) {
      named.computeIfAbsent(counter, name -> new LongAdder()).add(amount);
    }
  }

  public long started() {
    return started.sum();
  }

  public int open() {
    return open.get();
  }

  public long events() {
    return events.sum();
  }

  /**
   * Returns the time that all actions were open, those still open up to now.
   *
   * @param nowNs on the clock of {@link #start}
   */
  public long timeInSystemNs(long nowNs) {
    return timeInSystemNs.sum() + open() * nowNs;
  }

  public long ended(Outcome outcome) {
    return outcomes.get(outcome).sum();
  }

  public long ended() {
    return outcomes.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Returns the number of ended actions that the client did not cancel. */
  public long judged() {
    return ended() - ended(Outcome.CANCELLED);
  }

  /** Returns the number of ended actions that neither succeeded nor were cancelled. */
  public long failed() {
    return judged() - ended(Outcome.OK);
  }

  /** Returns every counter by name, sorted. */
  public Map<String, Long> counters() {
    Map<String, Long> counters = new TreeMap<>();
    counters.put("streams_started", started());
    counters.put("streams_open_at_stop", (long) open());
    counters.put("streams_open_max", (long) openMax.get());
    counters.put("events_received", events());
    outcomes.forEach((outcome, count) -> counters.put(outcome.counter(), count.sum()));
    named.forEach((name, count) -> counters.put(name, count.sum()));
    return counters;
  }
}
