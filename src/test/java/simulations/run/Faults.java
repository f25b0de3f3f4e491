package simulations.run;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import verdict.Numbers;

/** Faults of streams in words, counted by kind. Thread-safe. */
public final class Faults {
  private static final int FAULTS_MAX = 5;

  /** The largest number of different faults; further ones count together. */
  private static final int KINDS_MAX = 100;

  private final Map<String, Fault> all = new ConcurrentHashMap<>();

  /** A fault of some streams, with the first one's words. */
  private record Fault(LongAdder streams, Optional<String> first) {}

  /**
   * Counts a stream that failed.
   *
   * @param fault after "3 streams", one of few texts
   * @param detail of this stream; null for none
   */
  public void add(String fault, String detail) {
    boolean known = all.size() < KINDS_MAX || all.containsKey(fault);
    all.computeIfAbsent(
            known ? fault : "failed otherwise",
            one -> new Fault(new LongAdder(), Optional.ofNullable(detail)))
        .streams
        .increment();
  }

  /** Returns the faults in words, the most frequent first; empty if there were none. */
  public String words() {
    return all.entrySet().stream()
        .sorted(Comparator.comparing(one -> -one.getValue().streams.sum()))
        .limit(FAULTS_MAX)
        .map(
            one ->
                words(one.getValue().streams.sum(), one.getKey())
                    + one.getValue().first.map(first -> ", the first: " + first).orElse(""))
        .collect(Collectors.joining("; "));
  }

  private static String words(long streams, String fault) {
    return streams == 1
        ? "1 stream " + fault.replaceFirst("^were ", "was ")
        : Numbers.count(streams) + " streams " + fault;
  }
}
