package bench.fanout;

import bench.TargetMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/**
 * What a lane came to.
 *
 * @param kind of the lane
 * @param server the process that held the viewers' connections
 * @param versions of its processes
 * @param steps in the order of their rates; the last one may not hold
 * @param before what the server held before the viewers came
 * @param after what it held with all of them, after the last step
 */
record LaneResult(
    LaneKind kind,
    String server,
    List<String> versions,
    List<Step> steps,
    Held before,
    Held after) {
  /**
   * Memory of a server.
   *
   * @param rssBytes resident set
   * @param jvm what a JVM tells after a full collection
   */
  record Held(long rssBytes, Optional<TargetMemory> jvm) {}

  /** Growth of the resident set, in bytes for each viewer. */
  double rssPerViewer(int viewers) {
    return (double) (after.rssBytes() - before.rssBytes()) / viewers;
  }

  /** Growth of live heap and direct buffers, in bytes for each viewer; empty if it is no JVM. */
  OptionalDouble livePerViewer(int viewers) {
    if (before.jvm().isEmpty() || after.jvm().isEmpty()) {
      return OptionalDouble.empty();
    }
    ToLongFunction<TargetMemory> live = held -> held.heapLiveBytes() + held.directBytes();
    long grown = live.applyAsLong(after.jvm().get()) - live.applyAsLong(before.jvm().get());
    return OptionalDouble.of((double) grown / viewers);
  }

  /** The names used in JSON. */
  Map<String, Object> asMap(FanOutSettings settings) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("lane", kind.word());
    map.put("versions", versions);
    map.put("server", server);
    map.put("rss_bytes_per_viewer", rssPerViewer(settings.viewers()));
    livePerViewer(settings.viewers()).ifPresent(live -> map.put("live_bytes_per_viewer", live));
    map.put("steps", steps.stream().map(step -> step.asMap(settings.limit())).toList());
    return map;
  }
}
