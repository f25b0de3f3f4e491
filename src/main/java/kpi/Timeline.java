package kpi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The phases of a run, in seconds since its start. Thread-safe. */
public final class Timeline {
  public record Span(String name, double startS, double endS) {}

  private static final double NS_PER_S = 1e9;

  private final LongSupplier nanoClock;
  private final long originNs;
  private final List<Span> ended = new ArrayList<>();
  private String name;
  private double startS;

  public Timeline(LongSupplier nanoClock, String first) {
    this.nanoClock = nanoClock;
    this.originNs = nanoClock.getAsLong();
    this.name = first;
  }

  public double nowS() {
    return secondsAt(nanoClock.getAsLong());
  }

  /** Converts a reading of the same clock to seconds since the start. */
  public double secondsAt(long ns) {
    return (ns - originNs) / NS_PER_S;
  }

  /** Ends the current phase and begins the next; does nothing if that is the current one. */
  public synchronized void begin(String next) {
    if (!next.equals(name)) {
      double now = nowS();
      ended.add(new Span(name, startS, now));
      name = next;
      startS = now;
    }
  }

  public synchronized String current() {
    return name;
  }

  /** Returns every phase so far, the current one up to now. */
  public synchronized List<Span> spans() {
    List<Span> all = new ArrayList<>(ended);
    all.add(new Span(name, startS, nowS()));
    return all;
  }
}
