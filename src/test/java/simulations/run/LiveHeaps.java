package simulations.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import stack.TargetProcess;

/**
 * The live heap of each target that the run started, read before the first measured user arrives
 * and after the last one has left, so that the pauses of the two full collections enter no figure
 * and no user's state is in their difference. Thread-safe.
 */
final class LiveHeaps {
  private static final double BYTES_PER_MB = 1e6;

  private final List<TargetProcess> targets;
  private volatile Map<String, Long> before = Map.of();
  private volatile Map<String, Long> after = Map.of();

  LiveHeaps(List<TargetProcess> targets) {
    this.targets = targets;
  }

  /** Begins to read the live heaps before the load; completes when that is done. */
  CompletableFuture<Void> readBefore() {
    return CompletableFuture.runAsync(() -> before = read());
  }

  void readAfter() {
    after = read();
  }

  /** Returns the growth in MB; empty if one of the two could not be read. */
  OptionalDouble growth(String process) {
    Long from = before.get(process);
    Long to = after.get(process);
    return from == null || to == null
        ? OptionalDouble.empty()
        : OptionalDouble.of((to - from) / BYTES_PER_MB);
  }

  private Map<String, Long> read() {
    Map<String, Long> heaps = new HashMap<>();
    targets.forEach(
        target -> target.liveHeapBytes().ifPresent(bytes -> heaps.put(target.name(), bytes)));
    return heaps;
  }
}
