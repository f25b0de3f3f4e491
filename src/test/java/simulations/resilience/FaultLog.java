package simulations.resilience;

import faults.FaultPlan.Strike;
import faults.FaultRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import kpi.JsonFile;
import kpi.SampleLog;
import kpi.Stages;
import kpi.Timeline;
import simulations.run.PhaseNames;

/**
 * The faults of a run as they happened, and {@code faults.ndjson}: one line for each moment, with
 * its second {@code t} of the run. Thread-safe.
 */
final class FaultLog implements Consumer<FaultRun.Event> {
  private final Path file;
  private final Timeline timeline;
  private final Map<Strike, Window> byStrike = new LinkedHashMap<>();
  private volatile List<Window> windows = List.of();
  private final List<String> failures = new ArrayList<>();

  /**
   * A fault from its strike until its part was there again, in monotonic nanoseconds; {@link
   * Long#MAX_VALUE} for what has not happened.
   */
  record Window(Strike strike, long struckNs, long healingNs, long healedNs) {
    boolean overlaps(long fromNs, long toNs) {
      return fromNs <= healedNs && toNs >= struckNs;
    }
  }

  /** The phases of the run. */
  enum Part {
    BEFORE,
    DURING,
    AFTER;

    String prefix() {
      return Stages.prefix(name().toLowerCase(Locale.ROOT));
    }
  }

  FaultLog(Path folder, Timeline timeline) {
    this.file = folder.resolve(SampleLog.FAULTS);
    this.timeline = timeline;
  }

  @Override
  public synchronized void accept(FaultRun.Event event) {
    Strike strike = event.strike();
    line(strike, event.moment().name().toLowerCase(Locale.ROOT), event.atNs(), event.reason());
    long atNs = event.atNs();
    switch (event.moment()) {
      case STRUCK -> byStrike.put(strike, new Window(strike, atNs, Long.MAX_VALUE, Long.MAX_VALUE));
      case HEALING ->
          byStrike.computeIfPresent(
              strike, (any, open) -> new Window(strike, open.struckNs, atNs, open.healedNs));
      case HEALED ->
          byStrike.computeIfPresent(
              strike, (any, open) -> new Window(strike, open.struckNs, open.healingNs, atNs));
      case FAILED -> failures.add(strike.name() + ": " + event.reason().orElse(""));
    }
    windows = List.copyOf(byStrike.values());
    // A repair may end after the load has.
    if (!timeline.current().equals(PhaseNames.WHOLE.after())) {
      timeline.begin(phase());
    }
  }

  private String phase() {
    List<String> open =
        windows.stream()
            .filter(each -> each.healedNs == Long.MAX_VALUE)
            .map(each -> each.strike.name())
            .sorted()
            .toList();
    String hold = PhaseNames.WHOLE.hold();
    return open.isEmpty() ? hold : hold + " during " + String.join(" and ", open);
  }

  /** Adds a moment that was found afterwards. */
  synchronized void found(Window window, String moment, long atNs) {
    line(window.strike, moment, atNs, Optional.empty());
  }

  /** Returns the faults that struck, in their order. */
  List<Window> windows() {
    return windows;
  }

  /** Returns the phase of something that lasted from one moment to another, the last one now. */
  Part part(long fromNs, long toNs) {
    List<Window> now = windows;
    if (now.stream().anyMatch(each -> each.overlaps(fromNs, toNs))) {
      return Part.DURING;
    }
    return now.isEmpty() || toNs < now.get(0).struckNs() ? Part.BEFORE : Part.AFTER;
  }

  /** Returns what could not be struck or healed, in words. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  private void line(Strike strike, String moment, long atNs, Optional<String> reason) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("t", Math.round(timeline.secondsAt(atNs) * 1e3) / 1e3);
    line.put("whom", strike.whom());
    line.put("what", strike.what().word());
    line.put("moment", moment);
    reason.ifPresent(words -> line.put("reason", words));
    try {
      String json = JsonFile.LINE.writeValueAsString(line);
      Files.writeString(file, json + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
