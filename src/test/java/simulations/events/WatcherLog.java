package simulations.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kpi.MetricsSource;

/**
 * The watcher of an event server as its metrics show it, read ten times a second and kept by stage:
 * a few numbers each. Thread-safe.
 */
final class WatcherLog implements Runnable {
  private static final long EVERY_MS = 100;

  private final MetricsSource source;
  private final List<Seen> stages = new ArrayList<>();
  private JsonNode last;
  private volatile boolean ended;

  /**
   * What was seen in a stage.
   *
   * @param readings with streams
   * @param watchersMin fewest watchers while all clients were registered; -1 if they never were
   * @param started watchers started since the stage before
   * @param idle whether the server was then seen without watcher and registrations
   */
  record Seen(
      String stage,
      int clients,
      int readings,
      long watchersMax,
      long watchersMin,
      long registeredMax,
      long threadsMax,
      long startedBefore,
      long started,
      boolean idle) {}

  WatcherLog(MetricsSource source) {
    this.source = source;
  }

  /** Begins a stage; readings are those of this one from now on. */
  synchronized void begin(String stage, int clients) {
    if (stages.stream().noneMatch(seen -> seen.stage.equals(stage))) {
      long started = last == null ? 0 : last.path("watchers_started").asLong();
      stages.add(new Seen(stage, clients, 0, 0, -1, 0, 0, started, 0, false));
    }
  }

  /** Returns true if so many streams are registered now. */
  synchronized boolean has(int clients) {
    return last != null && last.path("registered_events").asLong() >= clients;
  }

  /** Returns true once the server was seen idle after the streams of the last stage. */
  synchronized boolean isIdle() {
    return !stages.isEmpty() && stages.get(stages.size() - 1).idle;
  }

  synchronized List<Seen> stages() {
    return List.copyOf(stages);
  }

  /** Reads until it is ended. */
  @Override
  public void run() {
    try {
      while (!ended) {
        take(source.read().join());
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The run ends.
    }
  }

  void end() {
    ended = true;
  }

  /** Takes a reading; one without the figures of a watcher is left out. */
  synchronized void take(JsonNode metrics) {
    if (!metrics.has("watchers")) {
      return; // Unreadable for now.
    }
    last = metrics;
    if (!stages.isEmpty()) {
      stages.set(stages.size() - 1, with(stages.get(stages.size() - 1), metrics));
    }
  }

  private static Seen with(Seen seen, JsonNode metrics) {
    long watchers = metrics.path("watchers").asLong();
    long registered = metrics.path("registered_events").asLong();
    long least = seen.watchersMin < 0 ? watchers : Math.min(watchers, seen.watchersMin);
    boolean some = seen.readings > 0;
    return new Seen(
        seen.stage,
        seen.clients,
        seen.readings + (registered > 0 ? 1 : 0),
        Math.max(seen.watchersMax, watchers),
        registered >= seen.clients ? least : seen.watchersMin,
        Math.max(seen.registeredMax, registered),
        Math.max(seen.threadsMax, metrics.path("num_threads").asLong()),
        seen.startedBefore,
        metrics.path("watchers_started").asLong() - seen.startedBefore,
        some && watchers == 0 && registered == 0);
  }
}
