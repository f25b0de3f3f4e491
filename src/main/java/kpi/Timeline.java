package kpi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The named stretches of a run, in seconds since its start. Thread-safe. */
public final class Timeline {
  /**
   * One stretch.
   *
   * @param name such as warm-up, ramp, hold, drain
   * @param startS first second
   * @param endS last second; of the stretch under way, now
   */
  public record Span(String name, double startS, double endS) {}

  private static final double NS_PER_S = 1e9;

  private final LongSupplier nanoClock;
  private final long originNs;
  private final List<Span> ended = new ArrayList<>();
  private String name;
  private double startS;

  /**
   * Begins the first stretch now.
   *
   * @param nanoClock monotonic nanoseconds
   * @param first name of the first stretch
   */
  public Timeline(LongSupplier nanoClock, String first) {
    this.nanoClock = nanoClock;
    this.originNs = nanoClock.getAsLong();
    this.name = first;
  }

  /** Seconds since the start. */
  public double nowS() {
    return secondsAt(nanoClock.getAsLong());
  }

  /** The second of a reading of the same clock. */
  public double secondsAt(long ns) {
    return (ns - originNs) / NS_PER_S;
  }

  /** Ends the stretch under way and begins the next; nothing happens if that is under way. */
  public synchronized void begin(String next) {
    if (!next.equals(name)) {
      double now = nowS();
      ended.add(new Span(name, startS, now));
      name = next;
      startS = now;
    }
  }

  /** The stretch under way. */
  public synchronized String current() {
    return name;
  }

  /** Every stretch so far, the one under way up to now. */
  public synchronized List<Span> spans() {
    List<Span> all = new ArrayList<>(ended);
    all.add(new Span(name, startS, nowS()));
    return all;
  }
}
